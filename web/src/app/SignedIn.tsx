import { Button, Center, Loader, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import * as at from "../../../functions/src/domain/collections.ts";
import { TenantId, Uid } from "../../../functions/src/domain/ids.ts";
import type { Member } from "../../../functions/src/domain/roles.ts";
import type { Tenant } from "../../../functions/src/domain/tenant.ts";
import type { Firebase } from "../lib/firebase.ts";
import type { Identity } from "../lib/identity.ts";
import { useOwn } from "../lib/own.ts";
import { SessionContext } from "../lib/session.ts";
import { chosenTenant } from "./chosenTenant.ts";

/** Shows what is inside to a member of a tenant, with role and settings as they are at each moment; says so to anybody else. */
export function SignedIn({
  identity,
  firebase: { firestore },
  children,
}: {
  readonly identity: Identity;
  readonly firebase: Firebase;
  readonly children: ReactNode;
}) {
  const t = useTranslations("app");
  const chosen = chosenTenant(identity.tenants);
  const member = useOwn<Member>(
    firestore,
    chosen === null
      ? null
      : at.member(TenantId.parse(chosen), Uid.parse(identity.uid)),
  );
  const tenant = useOwn<Tenant>(
    firestore,
    chosen === null ? null : at.tenant(TenantId.parse(chosen)),
  );
  if (chosen === null || member === null || member?.active === false)
    return <Stranger identity={identity} />;
  if (member === undefined || tenant === undefined)
    return (
      <Center h="100%" component="main">
        <Loader aria-label={t("loading")} />
      </Center>
    );
  if (tenant === null) return <Stranger identity={identity} />;
  return (
    <SessionContext
      value={{
        firestore,
        tenantId: TenantId.parse(chosen),
        tenants: identity.tenants,
        tenant,
        member,
        idToken: identity.idToken,
        signOut: identity.signOut,
      }}
    >
      {children}
    </SessionContext>
  );
}

function Stranger({ identity }: { readonly identity: Identity }) {
  const t = useTranslations("app");
  return (
    <Center h="100%" component="main" p="md">
      <Stack maw={420} gap="sm">
        <Title order={1}>{t("strangerTitle")}</Title>
        <Text>{t("strangerText", { email: identity.email })}</Text>
        <Button
          w="fit-content"
          onClick={() => {
            void identity.signOut();
          }}
        >
          {t("signOut")}
        </Button>
      </Stack>
    </Center>
  );
}
