import { Badge, Group } from "@mantine/core";
import { useRef } from "react";
import { useTranslations } from "use-intl";
import {
  type Invitation,
  type InvitationStatus,
  invitationStatus,
} from "../../../../../functions/src/domain/people/invitation.ts";
import type { WithId } from "../../../lib/firestore/live.ts";
import { Moment } from "../../../parts/Moment.tsx";
import { RowButton } from "./RowButton.tsx";
import table from "../../../parts/table.module.css";
import classes from "./Members.module.css";

const colours: Readonly<Record<InvitationStatus, string>> = {
  pending: "blue",
  accepted: "teal",
  declined: "orange",
  withdrawn: "gray",
  expired: "gray",
};

interface Props {
  readonly invitation: WithId<Invitation>;
  /** Whether who made it is no longer an active administrator. */
  readonly hasLostInviter: boolean;
  readonly onEdit: () => void;
  /** Answers whether it was done. */
  readonly onSend: (verb: "withdraw" | "renew") => Promise<boolean>;
}

/** One invitation: who, as what, by whom, its status, and what can be done with it. */
export function InvitationRow(props: Props) {
  const { invitation, hasLostInviter } = props;
  const t = useTranslations("members");
  const app = useTranslations("app");
  const { name, email, role, isLead, teams, invitedBy, expiresAt } = invitation;
  const state = invitationStatus(invitation, new Date());
  return (
    <tr data-ended={state !== "pending"}>
      <th scope="row" data-wide>
        {name}
        <div className={table["small"]}>{email}</div>
      </th>
      <td data-label={t("role")}>
        {app(`roles.${role}`)}
        {isLead && `, ${app("lead")}`}
        <div className={table["small"]}>{teams.join(", ")}</div>
      </td>
      <td data-label={t("invitedBy")}>
        {invitedBy.name}
        {state === "pending" && hasLostInviter && (
          <div className={classes["lost"]}>{t("lostInviter")}</div>
        )}
      </td>
      <td data-label={t("state")}>
        <Badge color={colours[state]} variant="light">
          {t(`status.${state}`)}
        </Badge>
        {state === "pending" && (
          <div className={table["small"]}>
            {t("ends")} <Moment at={expiresAt} />
          </div>
        )}
      </td>
      <td data-wide>
        <Actions {...props} state={state} />
      </td>
    </tr>
  );
}

function Actions({
  invitation: { name },
  state,
  onEdit,
  onSend,
}: Props & { readonly state: InvitationStatus }) {
  const t = useTranslations("members");
  const renewButton = useRef<HTMLButtonElement>(null);
  return (
    <Group gap={6}>
      {state === "pending" && (
        <RowButton action={t("edit")} of={name} onClick={onEdit} />
      )}
      {state !== "accepted" && (
        <RowButton
          ref={renewButton}
          action={t(state === "pending" ? "renew" : "inviteAgain")}
          of={name}
          onClick={() => {
            void onSend("renew");
          }}
        />
      )}
      {state === "pending" && (
        <RowButton
          action={t("withdraw")}
          of={name}
          onClick={() => {
            void onSend("withdraw").then((isDone) => {
              // This button goes; that one stays.
              if (isDone) renewButton.current?.focus();
            });
          }}
        />
      )}
    </Group>
  );
}
