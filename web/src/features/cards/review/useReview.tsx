import { notifications } from "@mantine/notifications";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { z } from "zod";
import { type Api, ApiProblem, useApi } from "../../../lib/api/api.ts";
import {
  type Decidable,
  Decided,
  type Decision,
  statusAfter,
  undoOf,
} from "./review.ts";
import { setPending } from "./pending.ts";
import { UndoToast } from "./UndoToast.tsx";
import { errorMessage } from "../../../lib/errors.ts";

/** What became of one of several decisions. */
export interface Result {
  readonly card: Decidable;
  /** Null where it was done; else why not. */
  readonly problem: string | null;
}

export interface Decide {
  /** Shows the decision at once, carries it out, and offers to undo it; a refusal rolls back and says why. */
  readonly one: (card: Decidable, decision: Decision) => Promise<boolean>;
  /** The same for many, each by itself. */
  readonly many: (
    cards: readonly Decidable[],
    decision: Decision,
  ) => Promise<readonly Result[]>;
}

/** As many as the API takes at once. */
const atOnce = 50;

const BulkAnswer = z.object({
  results: z.array(
    z.union([
      Decided.extend({ ok: z.literal(true) }),
      z.object({
        id: z.string(),
        ok: z.literal(false),
        problem: z.object({ detail: z.string() }),
      }),
    ]),
  ),
});

/** How decisions are carried out. */
export function useDecide(): Decide {
  const api = useApi();
  const t = useTranslations("decisions");
  const status = useTranslations("status");
  return useMemo(() => {
    const one: Decide["one"] = async (card, decision) => {
      setPending(card.id, {
        status: statusAfter[decision.kind],
        version: null,
        undoUntil: null,
      });
      try {
        const decided = await carryOut(api, card, decision);
        settle(decided);
        const undo = undoOf[decision.kind];
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
          message: reasonOf(error, (now) =>
            t("standsOtherwise", {
              status: isStatus(now) ? status(now) : now,
            }),
          ),
          autoClose: 12_000,
        });
        return false;
      }
    };
    return { one, many: (cards, decision) => inBulk(api, cards, decision) };
  }, [api, t, status]);
}

async function carryOut(
  api: Api,
  { id, version }: Decidable,
  { kind, ...facts }: Decision,
): Promise<Decided> {
  return api.call({
    method: "POST",
    path: `/opportunities/${encodeURIComponent(id)}/${kind}`,
    body: { version, ...facts },
    answer: Decided,
  });
}

async function inBulk(
  api: Api,
  cards: readonly Decidable[],
  { kind, ...facts }: Decision,
): Promise<readonly Result[]> {
  const byId = new Map(cards.map((card) => [card.id, card]));
  const results: Result[] = [];
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
        if (result.ok) settle(result);
        else setPending(card.id, null);
        results.push({
          card,
          problem: result.ok ? null : result.problem.detail,
        });
      }
    } catch (error) {
      for (const card of chunk) {
        setPending(card.id, null);
        results.push({ card, problem: reasonOf(error, (now) => now) });
      }
    }
  }
  return results;
}

function settle({ id, status, version, undoUntil }: Decided): void {
  setPending(id, {
    status,
    version,
    undoUntil: undoUntil === undefined ? null : new Date(undoUntil),
  });
}

function reasonOf(
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
