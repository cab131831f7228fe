import { Badge, Button, CopyButton, Group, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useTranslations } from "use-intl";
import {
  type Invitation,
  type InvitationStanding,
  standingAt,
} from "../../../../functions/src/domain/people/invitation.ts";
import { useApi } from "../../lib/api.ts";
import type { Found } from "../../lib/live.ts";
import { Moment } from "../../parts/Moment.tsx";
import { Panel } from "../../parts/Panel.tsx";
import { Done } from "./form.ts";
import classes from "./Members.module.css";

const colours: Readonly<Record<InvitationStanding, string>> = {
  pending: "blue",
  accepted: "teal",
  declined: "orange",
  withdrawn: "gray",
  expired: "gray",
};

type Row = Found<Invitation>;

/** The invitations, the newest first, with where to send whoever is invited. */
export function InvitationTable({
  invitations,
}: {
  readonly invitations: readonly Row[];
}) {
  const t = useTranslations("members");
  const api = useApi();
  const send = async (
    { id, version }: Row,
    verb: "withdraw" | "renew",
  ): Promise<void> => {
    const path = `/invitations/${encodeURIComponent(id)}/${verb}`;
    try {
      await api.call({ method: "POST", path, body: { version }, answer: Done });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      notifications.show({ color: "red", title: t("notDone"), message });
    }
  };
  return (
    <Panel title={t("invitations")}>
      <InvitationLink />
      {invitations.length === 0 ? (
        <p className={classes["hint"]}>{t("noInvitations")}</p>
      ) : (
        <table className={classes["table"]}>
          <caption className={classes["caption"]}>{t("invitations")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("name")}</th>
              <th scope="col">{t("role")}</th>
              <th scope="col">{t("invitedBy")}</th>
              <th scope="col">{t("state")}</th>
              <th scope="col">{t("actions")}</th>
            </tr>
          </thead>
          <tbody>
            {invitations.map((invitation) => (
              <InvitationRow
                key={invitation.id}
                invitation={invitation}
                onSend={(verb) => {
                  void send(invitation, verb);
                }}
              />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

/** An address like any other, without a secret: whoever opens it still has to prove whose e-mail is theirs. */
function InvitationLink() {
  const t = useTranslations("members");
  const parts = useTranslations("parts");
  const link = `${location.origin}/invitations`;
  return (
    <div className={classes["link"]}>
      <TextInput
        label={t("link")}
        description={t("linkHint")}
        value={link}
        readOnly
        className={classes["grow"] ?? ""}
      />
      <CopyButton value={link}>
        {({ copied, copy }) => (
          <Button variant="default" size="sm" onClick={copy}>
            {copied ? parts("copied") : parts("copy")}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}

function InvitationRow({
  invitation,
  onSend,
}: {
  readonly invitation: Row;
  readonly onSend: (verb: "withdraw" | "renew") => void;
}) {
  const t = useTranslations("members");
  const app = useTranslations("app");
  const { name, email, role, isLead, teams, invitedBy, expiresAt } = invitation;
  const state = standingAt(invitation, new Date());
  const renewing = t(state === "pending" ? "renew" : "inviteAgain");
  return (
    <tr data-ended={state !== "pending"}>
      <th scope="row" data-wide>
        {name}
        <div className={classes["small"]}>{email}</div>
      </th>
      <td data-label={t("role")}>
        {app(`roles.${role}`)}
        {isLead && `, ${app("lead")}`}
        <div className={classes["small"]}>{teams.join(", ")}</div>
      </td>
      <td data-label={t("invitedBy")}>{invitedBy.name}</td>
      <td data-label={t("state")}>
        <Badge color={colours[state]} variant="light">
          {t(`standing.${state}`)}
        </Badge>
        {state === "pending" && (
          <div className={classes["small"]}>
            {t("ends")} <Moment at={expiresAt} />
          </div>
        )}
      </td>
      <td data-wide>
        <Group gap={6} wrap="nowrap">
          {state !== "accepted" && (
            <Button
              variant="default"
              size="compact-sm"
              aria-label={t("actionOf", { action: renewing, name })}
              onClick={() => {
                onSend("renew");
              }}
            >
              {renewing}
            </Button>
          )}
          {state === "pending" && (
            <Button
              variant="default"
              size="compact-sm"
              aria-label={t("actionOf", { action: t("withdraw"), name })}
              onClick={() => {
                onSend("withdraw");
              }}
            >
              {t("withdraw")}
            </Button>
          )}
        </Group>
      </td>
    </tr>
  );
}
