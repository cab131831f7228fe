import { Button, Group, Kbd } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { Opportunity } from "../../../../../functions/src/domain/cards/opportunity.ts";
import { type ReviewKind, isOffered } from "../review/review.ts";
import { useReviews } from "../review/Reviews.tsx";
import { usePending } from "../review/pending.ts";
import { useKeys } from "../../../lib/page/keys.ts";
import type { WithId } from "../../../lib/firestore/live.ts";
import { useMay } from "../../../lib/session/session.ts";
import { displayedStatus } from "./StatusLine.tsx";

const offered = [
  { kind: "approve", variant: "filled", key: "a" },
  { kind: "reject", variant: "default", key: "r" },
  { kind: "refine", variant: "default", key: "e" },
  { kind: "snooze", variant: "default", key: "s" },
  { kind: "withdraw", variant: "filled", key: null },
  { kind: "reopen", variant: "default", key: null },
  { kind: "wake", variant: "default", key: null },
] as const;

/** What the person may do with the card in its current status; nothing else is offered. */
export function ReviewBar({
  opportunity,
  byKey,
}: {
  readonly opportunity: WithId<Opportunity>;
  /** Whether the keys review this card; beside a list they belong to the list. */
  readonly byKey: boolean;
}) {
  const t = useTranslations("reviews");
  const may = useMay();
  const act = useReviewAct(opportunity);
  const pending = usePending();
  const status = displayedStatus(opportunity, pending);
  // Until the API has answered, no further review is possible.
  const isWaiting = pending.get(opportunity.id)?.version === null;
  const { audience } = opportunity;
  const buttons = offered.filter(({ kind }) =>
    isOffered(kind, { status, audience }, may),
  );
  const keys = buttons.flatMap(({ kind, key }) =>
    key === null || isWaiting ? [] : [[key, () => act(kind)] as const],
  );
  useKeys(byKey ? Object.fromEntries(keys) : {});
  if (buttons.length === 0) return null;
  return (
    <Group gap={6} mt={10} role="toolbar" aria-label={t("bar")}>
      {buttons.map(({ kind, variant, key }) => (
        <Button
          key={kind}
          variant={variant}
          disabled={isWaiting}
          rightSection={
            key === null ? null : (
              <Kbd size="xs" visibleFrom="sm" aria-hidden>
                {key}
              </Kbd>
            )
          }
          onClick={() => {
            act(kind);
          }}
        >
          {t(`button.${kind}`)}
        </Button>
      ))}
    </Group>
  );
}

/** Sends a review, or opens the dialog that it needs. */
export function useReviewAct({
  id,
  version,
  card,
}: WithId<Opportunity>): (kind: ReviewKind) => void {
  const { decide, ask } = useReviews();
  const pending = usePending();
  const known = pending.get(id)?.version ?? 0;
  const one = { id, title: card.title, version: Math.max(version, known) };
  return (kind) => {
    if (kind === "reject" || kind === "snooze") ask({ kind, cards: [one] });
    else if (kind === "refine") ask({ kind, cards: [one] });
    else void decide(one, { kind });
  };
}
