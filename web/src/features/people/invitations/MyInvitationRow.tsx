import { Button, Group, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import type { MyInvitation } from "../../../lib/api/myInvitations.ts";
import { Moment } from "../../../parts/Moment.tsx";
import classes from "./MyInvitations.module.css";

type Answer = "accept" | "decline";

interface Props {
  readonly invitation: MyInvitation;
  readonly onAccept: () => Promise<void>;
  readonly onDecline: () => Promise<void>;
}

/** One invitation: by whom, to be what, and the two answers to it. */
export function MyInvitationRow(props: Props) {
  const t = useTranslations("invitations");
  const app = useTranslations("app");
  const { tenant, invitedBy, role, hasInviter, expiresAt } = props.invitation;
  return (
    <li className={classes["invitation"]}>
      <h2 className={classes["tenant"]}>{tenant.name}</h2>
      <Text size="sm" className={classes["by"] ?? ""}>
        {t("by", { name: invitedBy, role: app(`roles.${role}`) })}
      </Text>
      <Text size="xs" c="dimmed">
        {t("ends")} <Moment at={expiresAt} />
      </Text>
      {!hasInviter && <Text size="sm">{t("noInviter")}</Text>}
      <AnswerButtons {...props} />
    </li>
  );
}

function AnswerButtons({ invitation, onAccept, onDecline }: Props) {
  const t = useTranslations("invitations");
  const { tenant, hasInviter } = invitation;
  const [busy, setBusy] = useState<Answer | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const declineButton = useRef<HTMLButtonElement>(null);
  const answer = async (what: Answer) => {
    setBusy(what);
    await (what === "accept" ? onAccept() : onDecline());
    setIsAsking(false);
    setBusy(null);
  };
  return (
    <>
      <Group gap="xs">
        <Button
          size="sm"
          classNames={wrapping}
          loading={busy === "accept"}
          disabled={busy !== null || isAsking || !hasInviter}
          onClick={() => {
            void answer("accept");
          }}
        >
          {t("accept", { tenant: tenant.name })}
        </Button>
        <Button
          ref={declineButton}
          variant="default"
          size="sm"
          aria-label={t("declineOf", { tenant: tenant.name })}
          aria-expanded={isAsking}
          disabled={busy !== null}
          onClick={() => {
            setIsAsking(true);
          }}
        >
          {t("decline")}
        </Button>
      </Group>
      {isAsking && (
        <DeclineQuestion
          busy={busy !== null}
          onDecline={() => {
            void answer("decline");
          }}
          onCancel={() => {
            setIsAsking(false);
            declineButton.current?.focus();
          }}
        />
      )}
    </>
  );
}

const wrapping = {
  root: classes["wrapping"] ?? "",
  label: classes["wrappingLabel"] ?? "",
};

/** Asks once more, with the focus on the button that does nothing. */
function DeclineQuestion({
  busy,
  onDecline,
  onCancel,
}: {
  readonly busy: boolean;
  readonly onDecline: () => void;
  readonly onCancel: () => void;
}) {
  const t = useTranslations("invitations");
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    cancel.current?.focus();
  }, []);
  return (
    <Group
      gap="xs"
      role="group"
      aria-label={t("declineAsk")}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !busy) onCancel();
      }}
    >
      <Text size="sm">{t("declineAsk")}</Text>
      <Button
        ref={cancel}
        variant="default"
        size="sm"
        disabled={busy}
        onClick={onCancel}
      >
        {t("cancel")}
      </Button>
      <Button color="red.9" size="sm" loading={busy} onClick={onDecline}>
        {t("declineSure")}
      </Button>
    </Group>
  );
}
