import { Badge, Button, Group } from "@mantine/core";
import { useRef } from "react";
import { useTranslations } from "use-intl";
import {
  type Invitation,
  type InvitationStatus,
  invitationStatus,
} from "../../../../functions/src/domain/people/invitation.ts";
import type { Found } from "../../lib/live.ts";
import { Moment } from "../../parts/Moment.tsx";
import classes from "./Members.module.css";

const colours: Readonly<Record<InvitationStatus, string>> = {
  pending: "blue",
  accepted: "teal",
  declined: "orange",
  withdrawn: "gray",
  expired: "gray",
};

interface Props {
  readonly invitation: Found<Invitation>;
  /** Whether nobody's word stands behind it any more. */
  readonly hasLostInviter: boolean;
  readonly onEdit: () => void;
  /** Answers whether it was done. */
  readonly onSend: (verb: "withdraw" | "renew") => Promise<boolean>;
}

/** One invitation: who, as what, by whom, how it stands, and what can be done with it. */
export function InvitationRow(props: Props) {
  const { invitation, hasLostInviter, onEdit, onSend } = props;
  const t = useTranslations("members");
  const app = useTranslations("app");
  const { name, email, role, isLead, teams, invitedBy, expiresAt } = invitation;
  const state = invitationStatus(invitation, new Date());
  const renewing = t(state === "pending" ? "renew" : "inviteAgain");
  const renewButton = useRef<HTMLButtonElement>(null);
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
      <td data-label={t("invitedBy")}>
        {invitedBy.name}
        {state === "pending" && hasLostInviter && (
          <div className={classes["lost"]}>{t("lostInviter")}</div>
        )}
      </td>
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
        <Group gap={6}>
          {state === "pending" && (
            <RowButton action={t("edit")} of={name} onClick={onEdit} />
          )}
          {state !== "accepted" && (
            <RowButton
              ref={renewButton}
              action={renewing}
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
      </td>
    </tr>
  );
}

/** Says to those who do not see the row whom it is about, too. */
function RowButton({
  action,
  of: name,
  ...button
}: {
  readonly action: string;
  readonly of: string;
  readonly ref?: React.Ref<HTMLButtonElement>;
  readonly onClick: () => void;
}) {
  const t = useTranslations("members");
  return (
    <Button
      {...button}
      variant="default"
      size="compact-sm"
      aria-label={t("actionOf", { action, name })}
    >
      {action}
    </Button>
  );
}
