import { Button, CopyButton, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Invitation } from "../../../../../functions/src/domain/people/invitation.ts";
import { useApi } from "../../../lib/api/api.ts";
import type { WithId } from "../../../lib/firestore/live.ts";
import { Panel } from "../../../parts/Panel.tsx";
import { Done } from "./form.ts";
import { InvitationRow } from "./InvitationRow.tsx";
import { hasLostInviter, type KnownMembers } from "./inviters.ts";
import { MemberDialog } from "./MemberDialog.tsx";
import table from "../../../parts/table.module.css";
import classes from "./Members.module.css";
import { notifyFailure } from "../../../parts/notifyFailure.ts";

type Row = WithId<Invitation>;

/** The invitations, the newest first, with where to send whoever is invited. */
export function InvitationTable({
  invitations,
  known,
}: {
  readonly invitations: readonly Row[];
  readonly known: KnownMembers;
}) {
  const t = useTranslations("members");
  const [edited, setEdited] = useState<Row | null>(null);
  return (
    <Panel title={t("invitations")}>
      <InvitationLink />
      {invitations.length === 0 ? (
        <p className={classes["hint"]}>{t("noInvitations")}</p>
      ) : (
        <Table invitations={invitations} known={known} onEdit={setEdited} />
      )}
      {edited !== null && (
        <EditInvitation
          invitation={edited}
          onClose={() => {
            setEdited(null);
          }}
        />
      )}
    </Panel>
  );
}

function Table({
  invitations,
  known,
  onEdit,
}: {
  readonly invitations: readonly Row[];
  readonly known: KnownMembers;
  readonly onEdit: (invitation: Row) => void;
}) {
  const t = useTranslations("members");
  const send = useSend();
  return (
    <table className={`${table["table"]} ${classes["people"]}`}>
      <caption className={table["caption"]}>{t("invitations")}</caption>
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
            hasLostInviter={hasLostInviter(invitation, known)}
            onEdit={() => {
              onEdit(invitation);
            }}
            onSend={(verb) => send(invitation, verb)}
          />
        ))}
      </tbody>
    </table>
  );
}

/** Withdraws or renews an invitation, and answers whether it was done; a refusal is shown. */
function useSend(): (
  invitation: Row,
  verb: "withdraw" | "renew",
) => Promise<boolean> {
  const t = useTranslations("members");
  const api = useApi();
  return async ({ id, version }, verb) => {
    const path = `/invitations/${encodeURIComponent(id)}/${verb}`;
    try {
      await api.call({ method: "POST", path, body: { version }, answer: Done });
      return true;
    } catch (error) {
      notifyFailure(error, t("notDone"));
      return false;
    }
  };
}

/** An address like any other, without a secret: whoever opens it still has to prove that the e-mail address is theirs. */
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

function EditInvitation({
  invitation,
  onClose,
}: {
  readonly invitation: Row;
  readonly onClose: () => void;
}) {
  const t = useTranslations("members");
  const api = useApi();
  const { id, version } = invitation;
  return (
    <MemberDialog
      title={t("editInvitationOf", { name: invitation.name })}
      button={t("save")}
      fields={invitation}
      asksEmail={false}
      onSave={async ({ name, role, teams, isLead }) => {
        const body = { name, role, teams, isLead, version };
        const path = `/invitations/${encodeURIComponent(id)}`;
        await api.call({ method: "PATCH", path, body, answer: Done });
      }}
      onClose={onClose}
    />
  );
}
