import { Alert, Button, Group, Loader, Text } from "@mantine/core";
import { IconMailOff } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Identity } from "../../lib/identity.ts";
import {
  type MyInvitation,
  useMyInvitations,
} from "../../lib/myInvitations.ts";
import { Empty } from "../../parts/Empty.tsx";
import { Moment } from "../../parts/Moment.tsx";
import { Trouble } from "../../parts/Trouble.tsx";
import classes from "./MyInvitations.module.css";
import { ProveAddress } from "./ProveAddress.tsx";

/** The invitations of the person at the screen: to accept, to decline, or none, and then what to do about it. */
export function MyInvitations({ identity }: { readonly identity: Identity }) {
  const t = useTranslations("invitations");
  const { live, lookAgain, accept, decline } = useMyInvitations(identity);
  if (!identity.emailVerified) return <ProveAddress identity={identity} />;
  if (live.state === "loading") return <Loader aria-label={t("loading")} />;
  if (live.state === "failed")
    return <Trouble title={t("failed")} error={live.error} retry={lookAgain} />;
  if (live.value.length === 0)
    return (
      <Empty
        icon={<IconMailOff size={28} aria-hidden />}
        title={t("noneTitle")}
        text={t(identity.tenants.length === 0 ? "noneText" : "noMoreText", {
          email: identity.email,
        })}
      >
        <Button variant="default" onClick={lookAgain}>
          {t("lookAgain")}
        </Button>
      </Empty>
    );
  return (
    <section aria-labelledby="my-invitations">
      <h1 id="my-invitations" className={classes["title"]}>
        {t("title")}
      </h1>
      <ul className={classes["list"]}>
        {live.value.map((invitation) => (
          <Row
            key={invitation.tenant.id}
            invitation={invitation}
            onAccept={async () => {
              await accept(invitation);
              const id = encodeURIComponent(invitation.tenant.id);
              location.assign(`/t/${id}/inbox`);
            }}
            onDecline={() => decline(invitation)}
          />
        ))}
      </ul>
    </section>
  );
}

function Row({
  invitation: { tenant, invitedBy, role, hasInviter, expiresAt },
  onAccept,
  onDecline,
}: {
  readonly invitation: MyInvitation;
  readonly onAccept: () => Promise<void>;
  readonly onDecline: () => Promise<void>;
}) {
  const t = useTranslations("invitations");
  const roles = useTranslations("app.roles");
  const [busy, setBusy] = useState<"accept" | "decline" | null>(null);
  const [isSure, setIsSure] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const attempt = async (what: "accept" | "decline") => {
    setBusy(what);
    setError(null);
    try {
      await (what === "accept" ? onAccept() : onDecline());
    } catch (failed) {
      setError(failed instanceof Error ? failed : new Error(String(failed)));
      setBusy(null);
    }
  };
  return (
    <li className={classes["invitation"]}>
      <h2 className={classes["tenant"]}>{tenant.name}</h2>
      <Text size="sm">{t("by", { name: invitedBy, role: roles(role) })}</Text>
      <Text size="xs" c="dimmed">
        {t("ends")} <Moment at={expiresAt} />
      </Text>
      {!hasInviter && <Text size="sm">{t("noInviter")}</Text>}
      {error !== null && (
        <Alert color="red" role="alert">
          {error.message}
        </Alert>
      )}
      {isSure && <Text size="sm">{t("declineAsk")}</Text>}
      <Group gap="xs">
        {!isSure && (
          <Button
            size="sm"
            loading={busy === "accept"}
            disabled={busy !== null || !hasInviter}
            onClick={() => {
              void attempt("accept");
            }}
          >
            {t("accept", { tenant: tenant.name })}
          </Button>
        )}
        <Button
          variant="default"
          size="sm"
          loading={busy === "decline"}
          disabled={busy !== null}
          onClick={() => {
            if (isSure) void attempt("decline");
            else setIsSure(true);
          }}
        >
          {isSure ? t("declineSure") : t("decline")}
        </Button>
        {isSure && (
          <Button
            variant="subtle"
            size="sm"
            disabled={busy !== null}
            onClick={() => {
              setIsSure(false);
            }}
          >
            {t("cancel")}
          </Button>
        )}
      </Group>
    </li>
  );
}
