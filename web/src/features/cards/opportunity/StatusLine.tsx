import { Group, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { Opportunity } from "../../../../../functions/src/domain/cards/opportunity.ts";
import { isAhead, usePending } from "../review/pending.ts";
import { useSecondsUntil } from "../review/UndoToast.tsx";
import type { Found } from "../../../lib/firestore/live.ts";
import { useMoments } from "../../../lib/language/moments.ts";
import { useNameOf } from "../../../lib/api/people.ts";
import { StatusBadge } from "../../../parts/StatusBadge.tsx";

/** Where the card stands, and since when, by whom or until when. */
export function Standing({
  opportunity,
}: {
  readonly opportunity: Found<Opportunity>;
}) {
  const t = useTranslations("opportunity");
  const pending = usePending();
  const { id, version, card } = opportunity;
  const status = statusOf(opportunity, pending);
  return (
    <Group gap={8} mt={8} aria-live="polite">
      <StatusBadge status={status} />
      <Text size="xs" c="dimmed">
        {isAhead({ id, version, status }, pending) ? null : (
          <Facts opportunity={opportunity} />
        )}
      </Text>
      <Text size="xs" c="dimmed" ml="auto">
        {t("version", { version })} ·{" "}
        {t("writtenBy", {
          writer: card.writer.model ?? t("extractive"),
        })}
      </Text>
    </Group>
  );
}

/** Where a card stands by what was decided here, else by the database. */
export function statusOf(
  { id, version, state }: Found<Opportunity>,
  pending: ReturnType<typeof usePending>,
): string {
  return isAhead({ id, version, status: state.status }, pending)
    ? (pending.get(id)?.status ?? state.status)
    : state.status;
}

function Facts({ opportunity }: { readonly opportunity: Found<Opportunity> }) {
  const t = useTranslations("opportunity");
  const reason = useTranslations("decisions.reason");
  const nameOf = useNameOf();
  const { near, full } = useMoments();
  const { state } = opportunity;
  const seconds = useSecondsUntil(
    state.status === "approved" ? state.undoUntil : null,
  );
  switch (state.status) {
    case "in_review":
      return state.escalatedAt === null
        ? t("due", { when: near(state.dueAt) })
        : t("escalated");
    case "approved":
      return seconds === null || seconds === 0
        ? t("approvedGoing")
        : t("approvedUndo", { seconds });
    case "snoozed":
      return `${t("snoozedUntil", { when: full(state.until) })}${state.reason === "" ? "" : ` · ${state.reason}`}`;
    case "rejected":
      return `${t("rejectedBy", { name: nameOf(state.by), reason: reason(state.reason) })}${state.note === "" ? "" : ` · ${state.note}`}`;
    case "draft":
      return `${t("refinedBy", { name: nameOf(state.by), note: state.note })}${state.waiting === null ? "" : ` · ${t("waiting", { why: state.waiting })}`}`;
    case "activating":
      return t("approvedGoing");
    case "activated":
    case "partially_activated":
    case "activation_failed":
    case "not_connected":
      return near(state.settledAt);
    case "expired":
      return near(state.at);
  }
}
