import { Anchor, Button, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { MyInvitations } from "../features/people/invitations/MyInvitations.tsx";
import type { Firebase } from "../lib/session/firebase.ts";
import type { Identity } from "../lib/session/identity.ts";
import { lastKnownName } from "../lib/session/knownTenants.ts";
import { useTenantNames } from "../lib/firestore/tenantNames.ts";
import { useTitle } from "../lib/page/title.ts";
import { Logo } from "../parts/Logo.tsx";
import { LanguageSwitch } from "./LanguageSwitch.tsx";
import classes from "./Outside.module.css";

/** The page outside of every tenant: the person's invitations, their other tenants, and the way out. */
export function Outside({
  identity,
  firestore,
  ended,
}: {
  readonly identity: Identity;
  readonly firestore: Firebase["firestore"];
  /** The tenant that they asked for and no longer belong to. */
  readonly ended: string | null;
}) {
  const t = useTranslations("app");
  useTitle(t("invitations"));
  const others = useTenantNames(
    firestore,
    identity.tenants.filter((id) => id !== ended),
  );
  return (
    <main className={classes["page"]}>
      <header className={classes["head"]}>
        <Logo size={28} />
        <Text size="sm" c="dimmed" className={classes["who"] ?? ""}>
          {t("signedInAs", { email: identity.email })}
        </Text>
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => {
            void identity.signOut();
          }}
        >
          {t("signOut")}
        </Button>
      </header>
      {ended !== null && (
        <p role="status" className={classes["ended"]}>
          {t("ended", { tenant: lastKnownName(ended) })}
        </p>
      )}
      <MyInvitations identity={identity} />
      {others.length > 0 && (
        <nav aria-label={t("yourTenants")}>
          <Text size="sm" fw={600}>
            {t("yourTenants")}
          </Text>
          <ul className={classes["tenants"]}>
            {others.map(({ id, name }) => (
              <li key={id}>
                <Anchor href={`/t/${encodeURIComponent(id)}/inbox`} size="sm">
                  {t("switchTenant", { tenant: name })}
                </Anchor>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <LanguageSwitch />
    </main>
  );
}
