import {
  Button,
  Group,
  List,
  Modal,
  Radio,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { RejectReason } from "../../../../../functions/src/domain/cards/opportunity.ts";
import { useMoments } from "../../../lib/language/moments.ts";
import type { Review, ReviewQuestion } from "./review.ts";
import { snoozeChoices, toLocalInput } from "./snoozeChoices.ts";
import type { ReviewResult } from "./useReview.tsx";

/** The dialog of a question, or the results of reviewing several cards. */
export function ReviewDialogs({
  question,
  results,
  onAnswer,
  onClose,
}: {
  readonly question: ReviewQuestion | null;
  readonly results: readonly ReviewResult[] | null;
  readonly onAnswer: (decision: Review) => void;
  readonly onClose: () => void;
}) {
  const t = useTranslations("reviews");
  if (question === null)
    return (
      <Modal opened title={t("results")} onClose={onClose} size="lg">
        <Results results={results ?? []} onClose={onClose} />
      </Modal>
    );
  const count = question.cards.length;
  const title = t(`ask.${question.kind}`, { count });
  return (
    <Modal opened title={title} onClose={onClose}>
      {count === 1 && (
        <Text size="sm" c="dimmed" mb="sm">
          {question.cards[0]?.title}
        </Text>
      )}
      <Form kind={question.kind} count={count} onAnswer={onAnswer} />
    </Modal>
  );
}

interface FormProps {
  readonly count: number;
  readonly onAnswer: (decision: Review) => void;
}

function Form({
  kind,
  ...props
}: FormProps & { readonly kind: ReviewQuestion["kind"] }) {
  switch (kind) {
    case "approve":
      return <ApproveForm {...props} />;
    case "reject":
      return <RejectForm {...props} />;
    case "refine":
      return <RefineForm {...props} />;
    case "snooze":
      return <SnoozeForm {...props} />;
  }
}

function SubmitForm({
  children,
  label,
  color,
  disabled = false,
  onSubmit,
}: {
  readonly children: ReactNode;
  readonly label: string;
  readonly color?: string;
  readonly disabled?: boolean;
  readonly onSubmit: () => void;
}) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!disabled) onSubmit();
  };
  return (
    <form
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
          submit(event);
      }}
    >
      <Stack gap="sm">
        {children}
        <Group justify="flex-end">
          <Button
            type="submit"
            disabled={disabled}
            {...(color === undefined ? {} : { color })}
          >
            {label}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function ApproveForm({ count, onAnswer }: FormProps) {
  const t = useTranslations("reviews");
  return (
    <SubmitForm
      label={t("submit.approve", { count })}
      onSubmit={() => {
        onAnswer({ kind: "approve" });
      }}
    >
      <Text size="sm">{t("approveManyText", { count })}</Text>
    </SubmitForm>
  );
}

function RejectForm({ count, onAnswer }: FormProps) {
  const t = useTranslations("reviews");
  const [reason, setReason] = useState<RejectReason | null>(null);
  const [note, setNote] = useState("");
  const trimmed = note.trim();
  return (
    <SubmitForm
      label={t("submit.reject", { count })}
      color="red"
      disabled={reason === null || (reason === "other" && trimmed === "")}
      onSubmit={() => {
        if (reason === null) return;
        onAnswer({
          kind: "reject",
          reason,
          ...(trimmed === "" ? {} : { note: trimmed }),
        });
      }}
    >
      <Radio.Group
        label={t("whyRejected")}
        value={reason}
        onChange={(value) => {
          setReason(RejectReason.parse(value));
        }}
      >
        <Stack gap={6} mt={6}>
          {RejectReason.options.map((option, i) => (
            <Radio
              key={option}
              value={option}
              label={t(`reason.${option}`)}
              size="sm"
              data-autofocus={i === 0 ? true : undefined}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea
        label={reason === "other" ? t("note") : t("noteOptional")}
        required={reason === "other"}
        maxLength={2000}
        autosize
        minRows={2}
        value={note}
        onChange={(event) => {
          setNote(event.currentTarget.value);
        }}
      />
    </SubmitForm>
  );
}

function RefineForm({ count, onAnswer }: FormProps) {
  const t = useTranslations("reviews");
  const [note, setNote] = useState("");
  const trimmed = note.trim();
  return (
    <SubmitForm
      label={t("submit.refine", { count })}
      disabled={trimmed === ""}
      onSubmit={() => {
        onAnswer({ kind: "refine", note: trimmed });
      }}
    >
      <Textarea
        label={t("refineNote")}
        description={t("refineHint")}
        data-autofocus
        required
        maxLength={2000}
        autosize
        minRows={3}
        value={note}
        onChange={(event) => {
          setNote(event.currentTarget.value);
        }}
      />
    </SubmitForm>
  );
}

function SnoozeForm({ count, onAnswer }: FormProps) {
  const t = useTranslations("reviews");
  const { full } = useMoments();
  const [opened] = useState(() => new Date());
  const choices = snoozeChoices(opened);
  const [until, setUntil] = useState(toLocalInput(choices[1].at));
  const [reason, setReason] = useState("");
  const trimmed = reason.trim();
  const moment = new Date(until);
  const isAhead = moment.getTime() > opened.getTime();
  return (
    <SubmitForm
      label={t("submit.snooze", { count })}
      disabled={!isAhead}
      onSubmit={() => {
        onAnswer({
          kind: "snooze",
          until: moment.toISOString(),
          ...(trimmed === "" ? {} : { reason: trimmed }),
        });
      }}
    >
      <Group gap={6}>
        {choices.map(({ name, at }, i) => (
          <Button
            key={name}
            variant={until === toLocalInput(at) ? "filled" : "default"}
            data-autofocus={i === 1 ? true : undefined}
            title={full(at)}
            onClick={() => {
              setUntil(toLocalInput(at));
            }}
          >
            {t(`until.${name}`)}
          </Button>
        ))}
      </Group>
      <TextInput
        type="datetime-local"
        label={t("snoozeUntil")}
        required
        value={until}
        error={isAhead ? null : t("mustBeAhead")}
        onChange={(event) => {
          setUntil(event.currentTarget.value);
        }}
      />
      <TextInput
        label={t("snoozeReason")}
        description={t("snoozeHint")}
        maxLength={500}
        value={reason}
        onChange={(event) => {
          setReason(event.currentTarget.value);
        }}
      />
    </SubmitForm>
  );
}

function Results({
  results,
  onClose,
}: {
  readonly results: readonly ReviewResult[];
  readonly onClose: () => void;
}) {
  const t = useTranslations("reviews");
  const failed = results.filter(({ problem }) => problem !== null);
  return (
    <Stack gap="sm">
      <Text size="sm" role="status">
        {t("resultsText", {
          done: results.length - failed.length,
          failed: failed.length,
        })}
      </Text>
      {failed.length > 0 && (
        <List size="sm" spacing={4}>
          {failed.map(({ card, problem }) => (
            <List.Item key={card.id}>
              <b>{card.title}</b>: {problem}
            </List.Item>
          ))}
        </List>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          {t("resultsClose")}
        </Button>
      </Group>
    </Stack>
  );
}
