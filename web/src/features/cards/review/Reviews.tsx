import { createContext, type ReactNode, Suspense, use, useState } from "react";
import type { Decision, Question } from "./review.ts";
import { type Decide, type Result, useDecide } from "./useReview.tsx";
import { lazyComponent } from "../../../lib/page/lazyComponent.ts";

export interface Decisions {
  readonly decide: Decide["one"];
  /** Opens the dialog that the decision needs; `onDecided` runs once it was answered. */
  readonly ask: (question: Question, onDecided?: () => void) => void;
}

const Context = createContext<Decisions | null>(null);

/** How decisions are taken on this page. Throws outside of `DecisionsProvider`. */
export function useDecisions(): Decisions {
  const decisions = use(Context);
  if (decisions === null) throw new Error("No decisions are taken here.");
  return decisions;
}

const Dialogs = lazyComponent(
  () => import("./ReviewDialogs.tsx"),
  (module) => module.Dialogs,
);

interface Asked {
  readonly question: Question;
  readonly onDecided: (() => void) | undefined;
}

/** Below it cards can be decided on, with dialogs, undo and results. */
export function DecisionsProvider({
  children,
}: {
  readonly children: ReactNode;
}) {
  const { one, many } = useDecide();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [results, setResults] = useState<readonly Result[] | null>(null);
  const answer = async (decision: Decision) => {
    if (asked === null) return;
    const { question, onDecided } = asked;
    setAsked(null);
    onDecided?.();
    const [only, ...others] = question.cards;
    if (only === undefined) return;
    if (others.length === 0) await one(only, decision);
    else setResults(await many(question.cards, decision));
  };
  return (
    <Context
      value={{
        decide: one,
        ask: (question, onDecided) => {
          setAsked({ question, onDecided });
        },
      }}
    >
      {children}
      <Suspense>
        {(asked !== null || results !== null) && (
          <Dialogs
            question={asked?.question ?? null}
            results={results}
            onAnswer={(decision) => {
              void answer(decision);
            }}
            onClose={() => {
              setAsked(null);
              setResults(null);
            }}
          />
        )}
      </Suspense>
    </Context>
  );
}
