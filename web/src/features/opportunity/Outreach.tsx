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
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { z } from "zod";
import type {
  Card,
  Opportunity,
} from "../../../../functions/src/domain/cards/opportunity.ts";
import { useApi } from "../../lib/api.ts";
import type { Found } from "../../lib/live.ts";
import { useMay } from "../../lib/session.ts";
import classes from "./Outreach.module.css";
import { notifyFailure } from "../../parts/notifyFailure.ts";

type Variant = Card["outreach"][number];

/** Drafts to say it with: to copy, and to edit while the card is in review. Nothing is sent from here. */
export function Outreach({
  opportunity,
}: {
  readonly opportunity: Found<Opportunity>;
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
            <OneVariant opportunity={opportunity} variant={variant} index={i} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}

function OneVariant({
  opportunity,
  variant,
  index,
}: {
  readonly opportunity: Found<Opportunity>;
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
        <CopyButton
          value={
            variant.subject === ""
              ? variant.body
              : `${variant.subject}\n\n${variant.body}`
          }
        >
          {({ copied, copy }) => (
            <Button
              variant="default"
              onClick={copy}
              leftSection={
                copied ? (
                  <IconCheck size={14} aria-hidden />
                ) : (
                  <IconCopy size={14} aria-hidden />
                )
              }
            >
              {t(copied ? "copied" : "copyText")}
            </Button>
          )}
        </CopyButton>
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

function EditForm({
  opportunity: { id, version },
  variant,
  index,
  onDone,
}: {
  readonly opportunity: Found<Opportunity>;
  readonly variant: Variant;
  readonly index: number;
  readonly onDone: () => void;
}) {
  const t = useTranslations("opportunity");
  const api = useApi();
  const [subject, setSubject] = useState(variant.subject);
  const [body, setBody] = useState(variant.body);
  const [busy, setBusy] = useState(false);
  // What one began to edit is what one changes: a newer version answers 409 and says so.
  const [begun] = useState(version);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await api.call({
        method: "PATCH",
        path: `/opportunities/${encodeURIComponent(id)}/outreach`,
        body: { version: begun, index, subject, body },
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
  return (
    <form
      onSubmit={(event) => {
        void save(event);
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
