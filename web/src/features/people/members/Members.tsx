import { Button } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import * as at from "../../../../../functions/src/domain/collections.ts";
import { dayMs } from "../../../../../functions/src/domain/kernel/instant.ts";
import { invitationLastsMs } from "../../../../../functions/src/domain/people/invitation.ts";
import type { Member } from "../../../../../functions/src/domain/people/roles.ts";
import { useApi } from "../../../lib/api/api.ts";
import { useFirstContent } from "../../../lib/page/firstContent.ts";
import type { ListQuery } from "../../../lib/firestore/listQuery.ts";
import { type Live, useLiveList } from "../../../lib/firestore/live.ts";
import { useMay, useSession } from "../../../lib/session/session.ts";
import { ErrorAlert } from "../../../parts/ErrorAlert.tsx";
import { Done, emptyFields } from "./form.ts";
import { InvitationTable } from "./InvitationTable.tsx";
import type { KnownMembers } from "./inviters.ts";
import { MemberDialog } from "./MemberDialog.tsx";
import { MemberTable } from "./MemberTable.tsx";
import classes from "./Members.module.css";

/** The most that the rules allow in one list. */
const most = 200;
const byName: ListQuery = {
  orderBy: [
    ["name", "asc"],
    ["__name__", "asc"],
  ],
  limit: most,
};
const newestFirst: ListQuery = {
  orderBy: [["expiresAt", "desc"]],
  limit: most,
};

/** Members and invitations of the tenant, for its administrators. */
export function Members() {
  const t = useTranslations("members");
  const may = useMay();
  const isAdmin = may("member.manage");
  const { tenantId } = useSession();
  const [isInviting, setIsInviting] = useState(false);
  const members = useLiveList(isAdmin ? at.members(tenantId) : null, byName);
  const invitations = useLiveList(
    isAdmin ? at.invitations(tenantId) : null,
    newestFirst,
  );
  useFirstContent(members.state !== "loading");
  if (!isAdmin) return <p className={classes["page"]}>{t("adminsOnly")}</p>;
  return (
    <div className={classes["page"]}>
      <header className={classes["head"]}>
        <h1>{t("title")}</h1>
        <Button
          size="sm"
          leftSection={<IconUserPlus size={16} aria-hidden />}
          onClick={() => {
            setIsInviting(true);
          }}
        >
          {t("invite")}
        </Button>
      </header>
      {members.state === "failed" && (
        <ErrorAlert title={t("failed")} error={members.error} />
      )}
      {members.state === "ready" && (
        <>
          <MemberTable members={members.value} />
          {members.value.length === most && (
            <p className={classes["hint"]}>{t("most", { count: most })}</p>
          )}
        </>
      )}
      {invitations.state === "failed" && (
        <ErrorAlert title={t("invitationsFailed")} error={invitations.error} />
      )}
      {invitations.state === "ready" && (
        <InvitationTable
          invitations={invitations.value}
          known={toKnownMembers(members)}
        />
      )}
      {isInviting && (
        <InviteDialog
          onClose={() => {
            setIsInviting(false);
          }}
        />
      )}
    </div>
  );
}

function toKnownMembers(members: Live<readonly Member[]>): KnownMembers {
  return members.state === "ready"
    ? { members: members.value, isComplete: members.value.length < most }
    : { members: [], isComplete: false };
}

function InviteDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations("members");
  const api = useApi();
  return (
    <MemberDialog
      title={t("inviteTitle")}
      about={t("inviteAbout", { days: invitationLastsMs / dayMs })}
      button={t("invite")}
      fields={emptyFields}
      asksEmail
      onSave={async (body) => {
        await api.call({
          method: "POST",
          path: "/invitations",
          body,
          answer: Done,
        });
      }}
      onClose={onClose}
    />
  );
}
