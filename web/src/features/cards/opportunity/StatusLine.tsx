import { Group, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { Opportunity } from "../../../../../functions/src/domain/cards/opportunity.ts";
import { isAhead, usePending } from "../review/pending.ts";
import { useSecondsUntil } from "../review/UndoToast.tsx";
import type { WithId } from "../../../lib/firestore/live.ts";
import { useMoments } from "../../../lib/language/moments.ts";
import { usePersonName } from "../../../lib/api/people.ts";
import { StatusBadge } from "../../../parts/StatusBadge.tsx";

/** The card's status, with since when, by whom or until when. */
export function StatusLine({
  opportunity,
}: {
  readonly opportunity: WithId<Opportunity>;
}) {
  const t = useTranslations("opportunity");
  const pending = usePending();
  const { id, version, card } = opportunity;
  const status = displayedStatus(opportunity, pending);
  return (
    <Group gap={8} mt={8} aria-live="polite">
      <StatusBadge status={status} />
      <Text size="xs" c="dimmed">
        {isAhead({ id, version, status }, pending) ? null : (
          <StatusDetail opportunity={opportunity} />
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

/** A card's status: the one decided here while it is on its way, else the database's. */
export function displayedStatus(
  { id, version, state }: WithId<Opportunity>,
  pending: ReturnType<typeof usePending>,
): string {
  return isAhead({ id, version, status: state.status }, pending)
    ? (pending.get(id)?.status ?? state.status)
    : state.status;
}

function StatusDetail({
  opportunity,
}: {
  readonly opportunity: WithId<Opportunity>;
}) {
  const t = useTranslations("opportunity");
  const reason = useTranslations("reviews.reason");
  const personName = usePersonName();
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
      return `${t("rejectedBy", { name: personName(state.by), reason: reason(state.reason) })}${state.note === "" ? "" : ` · ${state.note}`}`;
    case "draft":
      return `${t("refinedBy", { name: personName(state.by), note: state.note })}${state.waiting === null ? "" : ` · ${t("waiting", { why: state.waiting })}`}`;
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
