import {
  Button,
  CopyButton,
  Group,
  Tabs,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck, IconCopy, IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { z } from "zod";
import type {
  Card,
  Opportunity,
} from "../../../../../functions/src/domain/cards/opportunity.ts";
import { useApi } from "../../../lib/api/api.ts";
import type { WithId } from "../../../lib/firestore/live.ts";
import { useMay } from "../../../lib/session/session.ts";
import classes from "./Outreach.module.css";
import { notifyFailure } from "../../../parts/notifyFailure.ts";

type Variant = Card["outreach"][number];

/** Drafts of messages: to copy, and to edit while the card is in review. Nothing is sent from here. */
export function Outreach({
  opportunity,
}: {
  readonly opportunity: WithId<Opportunity>;
}) {
  const t = useTranslations("opportunity");
  const { outreach } = opportunity.card;
  if (outreach.length === 0)
    return (
      <Text size="sm" c="dimmed">
        –
      </Text>
    );
  return (
    <>
      <Text size="xs" c="dimmed" mb={6}>
        {t("outreachNote")}
      </Text>
      <Tabs defaultValue="0">
        <Tabs.List>
          {outreach.map(({ channel }, i) => (
            <Tabs.Tab key={`${channel}${i}`} value={String(i)}>
              {t(`channel.${channel}`)} {outreach.length > 1 ? i + 1 : ""}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {outreach.map((variant, i) => (
          <Tabs.Panel key={`${variant.channel}${i}`} value={String(i)} pt="sm">
            <OutreachVariant
              opportunity={opportunity}
              variant={variant}
              index={i}
            />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}

function OutreachVariant({
  opportunity,
  variant,
  index,
}: {
  readonly opportunity: WithId<Opportunity>;
  readonly variant: Variant;
  readonly index: number;
}) {
  const t = useTranslations("opportunity");
  const may = useMay();
  const [editing, setEditing] = useState(false);
  const canEdit =
    opportunity.state.status === "in_review" &&
    may("opportunity.edit_outreach", opportunity.audience);
  if (editing)
    return (
      <EditForm
        opportunity={opportunity}
        variant={variant}
        index={index}
        onDone={() => {
          setEditing(false);
        }}
      />
    );
  return (
    <>
      {variant.subject !== "" && (
        <Text size="sm" fw={600}>
          {variant.subject}
        </Text>
      )}
      <Text size="sm" className={classes["body"] ?? ""}>
        {variant.body}
      </Text>
      <Group gap={6} mt="sm">
        <CopyVariant variant={variant} />
        {canEdit && (
          <Button
            variant="default"
            leftSection={<IconPencil size={14} aria-hidden />}
            onClick={() => {
              setEditing(true);
            }}
          >
            {t("edit")}
          </Button>
        )}
      </Group>
    </>
  );
}

function CopyVariant({
  variant: { subject, body },
}: {
  readonly variant: Variant;
}) {
  const t = useTranslations("opportunity");
  return (
    <CopyButton value={subject === "" ? body : `${subject}\n\n${body}`}>
      {({ copied, copy }) => {
        const Icon = copied ? IconCheck : IconCopy;
        return (
          <Button
            variant="default"
            onClick={copy}
            leftSection={<Icon size={14} aria-hidden />}
          >
            {t(copied ? "copied" : "copyText")}
          </Button>
        );
      }}
    </CopyButton>
  );
}

function EditForm({
  opportunity,
  variant,
  index,
  onDone,
}: {
  readonly opportunity: WithId<Opportunity>;
  readonly variant: Variant;
  readonly index: number;
  readonly onDone: () => void;
}) {
  const t = useTranslations("opportunity");
  const [subject, setSubject] = useState(variant.subject);
  const [body, setBody] = useState(variant.body);
  const { busy, save } = useSaveOutreach(opportunity, onDone);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save({ index, subject, body });
      }}
    >
      <TextInput
        label={t("subject")}
        maxLength={300}
        value={subject}
        onChange={(event) => {
          setSubject(event.currentTarget.value);
        }}
      />
      <Textarea
        label={t("body")}
        mt="xs"
        autosize
        minRows={5}
        maxLength={10_000}
        required
        value={body}
        onChange={(event) => {
          setBody(event.currentTarget.value);
        }}
      />
      <Group gap={6} mt="sm">
        <Button type="submit" loading={busy}>
          {t("save")}
        </Button>
        <Button variant="default" onClick={onDone} disabled={busy}>
          {t("cancel")}
        </Button>
      </Group>
    </form>
  );
}

/** Saves a draft, and says whether it was; a refusal leaves the form open. */
function useSaveOutreach(
  { id, version }: WithId<Opportunity>,
  onDone: () => void,
) {
  const t = useTranslations("opportunity");
  const api = useApi();
  const [busy, setBusy] = useState(false);
  // The version on which the edit began is the one that is changed: with a newer one the API answers 409 and says so.
  const [begun] = useState(version);
  const save = async (draft: {
    readonly index: number;
    readonly subject: string;
    readonly body: string;
  }) => {
    setBusy(true);
    try {
      await api.call({
        method: "PATCH",
        path: `/opportunities/${encodeURIComponent(id)}/outreach`,
        body: { version: begun, ...draft },
        answer: z.unknown(),
      });
      notifications.show({ message: t("saved") });
      onDone();
    } catch (error) {
      notifyFailure(error, t("notSaved"));
    } finally {
      setBusy(false);
    }
  };
  return { busy, save };
}
