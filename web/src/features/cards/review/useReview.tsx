import { notifications } from "@mantine/notifications";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { z } from "zod";
import { type Api, ApiProblem, useApi } from "../../../lib/api/api.ts";
import {
  type ReviewableCard,
  ReviewAnswer,
  type Review,
  statusAfter,
  undoByKind,
} from "./review.ts";
import { setPending } from "./pending.ts";
import { UndoToast } from "./UndoToast.tsx";
import { errorMessage } from "../../../lib/errors.ts";

/** The result of one of several reviews. */
export interface ReviewResult {
  readonly card: ReviewableCard;
  /** Null where it succeeded; else why it did not. */
  readonly problem: string | null;
}

export interface CardReviewer {
  /** Shows the new status at once, sends the review, and offers to undo it; a refusal rolls back and says why. */
  readonly one: (card: ReviewableCard, decision: Review) => Promise<boolean>;
  /** The same for several cards, each on its own. */
  readonly many: (
    cards: readonly ReviewableCard[],
    decision: Review,
  ) => Promise<readonly ReviewResult[]>;
}

/** The most that the API takes at once. */
const atOnce = 50;

const BulkAnswer = z.object({
  results: z.array(
    z.union([
      ReviewAnswer.extend({ ok: z.literal(true) }),
      z.object({
        id: z.string(),
        ok: z.literal(false),
        problem: z.object({ detail: z.string() }),
      }),
    ]),
  ),
});

/** How reviews are sent. */
export function useReview(): CardReviewer {
  const api = useApi();
  const t = useTranslations("reviews");
  const status = useTranslations("status");
  return useMemo(() => {
    const one: CardReviewer["one"] = async (card, decision) => {
      setPending(card.id, {
        status: statusAfter[decision.kind],
        version: null,
        undoUntil: null,
      });
      try {
        const decided = await sendReview(api, card, decision);
        setAnswered(decided);
        const undo = undoByKind[decision.kind];
        if (undo !== undefined) {
          const after = { ...card, version: decided.version };
          notifications.show({
            id: `decided-${card.id}`,
            autoClose: decision.kind === "approve" ? 10_000 : 7_000,
            message: (
              <UndoToast
                what={t(`done.${decision.kind}`, { title: card.title })}
                until={
                  decided.undoUntil === undefined
                    ? null
                    : new Date(decided.undoUntil)
                }
                undo={() => {
                  notifications.hide(`decided-${card.id}`);
                  void one(after, { kind: undo });
                }}
              />
            ),
          });
        }
        return true;
      } catch (error) {
        setPending(card.id, null);
        notifications.show({
          color: "red",
          icon: <IconAlertTriangle size={16} aria-hidden />,
          title: t("notDone", { title: card.title }),
          message: failureMessage(error, (now) =>
            t("changedMeanwhile", {
              status: isStatus(now) ? status(now) : now,
            }),
          ),
          autoClose: 12_000,
        });
        return false;
      }
    };
    return { one, many: (cards, decision) => reviewMany(api, cards, decision) };
  }, [api, t, status]);
}

async function sendReview(
  api: Api,
  { id, version }: ReviewableCard,
  { kind, ...facts }: Review,
): Promise<ReviewAnswer> {
  return api.call({
    method: "POST",
    path: `/opportunities/${encodeURIComponent(id)}/${kind}`,
    body: { version, ...facts },
    answer: ReviewAnswer,
  });
}

async function reviewMany(
  api: Api,
  cards: readonly ReviewableCard[],
  { kind, ...facts }: Review,
): Promise<readonly ReviewResult[]> {
  const byId = new Map(cards.map((card) => [card.id, card]));
  const results: ReviewResult[] = [];
  for (let i = 0; i < cards.length; i += atOnce) {
    const chunk = cards.slice(i, i + atOnce);
    for (const { id } of chunk)
      setPending(id, {
        status: statusAfter[kind],
        version: null,
        undoUntil: null,
      });
    try {
      const answer = await api.call({
        method: "POST",
        path: "/opportunities/bulk-decisions",
        body: {
          decisions: chunk.map(({ id, version }) => ({
            id,
            version,
            decision: kind,
            ...facts,
          })),
        },
        answer: BulkAnswer,
      });
      for (const result of answer.results) {
        const card = byId.get(result.id);
        if (card === undefined) continue;
        if (result.ok) setAnswered(result);
        else setPending(card.id, null);
        results.push({
          card,
          problem: result.ok ? null : result.problem.detail,
        });
      }
    } catch (error) {
      for (const card of chunk) {
        setPending(card.id, null);
        results.push({ card, problem: failureMessage(error, (now) => now) });
      }
    }
  }
  return results;
}

function setAnswered({ id, status, version, undoUntil }: ReviewAnswer): void {
  setPending(id, {
    status,
    version,
    undoUntil: undoUntil === undefined ? null : new Date(undoUntil),
  });
}

function failureMessage(
  error: unknown,
  standsOtherwise: (status: string) => string,
): string {
  if (error instanceof ApiProblem) {
    const now = error.current?.["status"];
    if (error.status === 409 && typeof now === "string")
      return standsOtherwise(now);
    return error.message;
  }
  return errorMessage(error);
}

const statuses = Object.values(statusAfter);

function isStatus(status: string): status is (typeof statuses)[number] {
  return statuses.some((known) => known === status);
}
