import { Badge, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Member } from "../../../../../functions/src/domain/people/roles.ts";
import { useApi } from "../../../lib/api/api.ts";
import { useFocusBack } from "../../../lib/page/focusBack.ts";
import type { WithId } from "../../../lib/firestore/live.ts";
import { useSession } from "../../../lib/session/session.ts";
import { Done } from "./form.ts";
import { MemberDialog } from "./MemberDialog.tsx";
import { RowButton } from "./RowButton.tsx";
import table from "../../../parts/table.module.css";
import classes from "./Members.module.css";
import { useAttempt } from "./useAttempt.ts";
import { notifyFailure } from "../../../parts/notifyFailure.ts";

type Row = WithId<Member>;
type Asking = { readonly what: "edit" | "end"; readonly member: Row };

/** The members by name, those who have left too, and what can be done with each. */
export function MemberTable({ members }: { readonly members: readonly Row[] }) {
  const t = useTranslations("members");
  const api = useApi();
  const [asking, setAsking] = useState<Asking | null>(null);
  const close = () => {
    setAsking(null);
  };
  const setActive = async (member: Row, verb: "activate" | "deactivate") => {
    const { uid, version } = member;
    const path = `/members/${encodeURIComponent(uid)}/${verb}`;
    await api.call({ method: "POST", path, body: { version }, answer: Done });
  };
  const reactivate = async (member: Row) => {
    try {
      await setActive(member, "activate");
    } catch (error) {
      notifyFailure(error, t("notDone"));
    }
  };
  return (
    <>
      <table className={`${table["table"]} ${classes["people"]}`}>
        <caption className={table["caption"]}>{t("caption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("name")}</th>
            <th scope="col">{t("role")}</th>
            <th scope="col">{t("teams")}</th>
            <th scope="col">{t("state")}</th>
            <th scope="col">{t("actions")}</th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <MemberRow
              key={member.id}
              member={member}
              onAsk={(what) => {
                setAsking({ what, member });
              }}
              onReactivate={() => {
                void reactivate(member);
              }}
            />
          ))}
        </tbody>
      </table>
      {asking?.what === "edit" && (
        <EditDialog member={asking.member} onClose={close} />
      )}
      {asking?.what === "end" && (
        <EndDialog
          name={asking.member.name}
          onEnd={() => setActive(asking.member, "deactivate")}
          onClose={close}
        />
      )}
    </>
  );
}

function MemberRow({
  member: { uid, name, email, role, isLead, teams, active },
  onAsk,
  onReactivate,
}: {
  readonly member: Row;
  readonly onAsk: (what: Asking["what"]) => void;
  readonly onReactivate: () => void;
}) {
  const t = useTranslations("members");
  const app = useTranslations("app");
  const { member: own } = useSession();
  return (
    <tr data-ended={!active}>
      <th scope="row" data-wide>
        {name}
        {uid === own.uid && <span className={table["small"]}> {t("you")}</span>}
        <div className={table["small"]}>{email}</div>
      </th>
      <td data-label={t("role")}>
        {app(`roles.${role}`)}
        {isLead && `, ${app("lead")}`}
      </td>
      <td data-label={t("teams")}>{teams.join(", ") || "–"}</td>
      <td data-label={t("state")}>
        <Badge color={active ? "teal" : "gray"} variant="light">
          {t(active ? "active" : "ended")}
        </Badge>
      </td>
      <td data-wide>
        <Group gap={6} wrap="nowrap">
          <RowButton
            action={t("edit")}
            of={name}
            onClick={() => {
              onAsk("edit");
            }}
          />
          <RowButton
            action={t(active ? "end" : "reactivate")}
            of={name}
            onClick={() => {
              if (active) onAsk("end");
              else onReactivate();
            }}
          />
        </Group>
      </td>
    </tr>
  );
}

function EditDialog({
  member,
  onClose,
}: {
  readonly member: Row;
  readonly onClose: () => void;
}) {
  const t = useTranslations("members");
  const api = useApi();
  return (
    <MemberDialog
      title={t("editOf", { name: member.name })}
      button={t("save")}
      fields={member}
      asksEmail={false}
      onSave={async ({ name, role, teams, isLead }) => {
        const body = { name, role, teams, isLead, version: member.version };
        const path = `/members/${encodeURIComponent(member.uid)}`;
        await api.call({ method: "PATCH", path, body, answer: Done });
      }}
      onClose={onClose}
    />
  );
}

function EndDialog({
  name,
  onEnd,
  onClose,
}: {
  readonly name: string;
  readonly onEnd: () => Promise<void>;
  readonly onClose: () => void;
}) {
  const t = useTranslations("members");
  useFocusBack();
  const { busy, error, attempt } = useAttempt();
  const end = async () => {
    await onEnd();
    onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("endTitle", { name })}
      closeButtonProps={{ "aria-label": t("cancel") }}
    >
      <Stack gap="md">
        <Text size="sm">{t("endAsk")}</Text>
        {error !== null && (
          <Text size="sm" role="alert" className={table["wrong"] ?? ""}>
            {error.message}
          </Text>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t("cancel")}
          </Button>
          <Button
            color="red.9"
            loading={busy}
            onClick={() => {
              void attempt(end);
            }}
          >
            {t("end")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
