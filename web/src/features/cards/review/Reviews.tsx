import { createContext, type ReactNode, Suspense, use, useState } from "react";
import type { Review, ReviewQuestion } from "./review.ts";
import {
  type CardReviewer,
  type ReviewResult,
  useReview,
} from "./useReview.tsx";
import { lazyComponent } from "../../../lib/page/lazyComponent.ts";

export interface Reviews {
  readonly decide: CardReviewer["one"];
  /** Opens the dialog that the review needs; `onDecided` runs once it is answered. */
  readonly ask: (question: ReviewQuestion, onDecided?: () => void) => void;
}

const Context = createContext<Reviews | null>(null);

/** How cards are reviewed on this page. Throws outside of `ReviewsProvider`. */
export function useReviews(): Reviews {
  const decisions = use(Context);
  if (decisions === null)
    throw new Error("Cards cannot be reviewed outside of ReviewsProvider.");
  return decisions;
}

const ReviewDialogs = lazyComponent(
  () => import("./ReviewDialogs.tsx"),
  (module) => module.ReviewDialogs,
);

interface Asked {
  readonly question: ReviewQuestion;
  readonly onDecided: (() => void) | undefined;
}

/** Lets the components below it review cards, with dialogs, undo and results. */
export function ReviewsProvider({
  children,
}: {
  readonly children: ReactNode;
}) {
  const { one, many } = useReview();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [results, setResults] = useState<readonly ReviewResult[] | null>(null);
  const answer = async (decision: Review) => {
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
          <ReviewDialogs
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
