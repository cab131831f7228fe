import {
  judgeAbout,
  judgeEvent,
  type Models,
} from "../../functions/src/domain/judgement/judge.ts";
import {
  type ClassFigures,
  compareClasses,
  type RankFigures,
  rankFigures,
} from "./figures.ts";
import type { AboutItem, EventItem, Labels, WorthItem } from "./labels.ts";
import { toAccount } from "./models.ts";

/** How well documents are judged. */
export interface Figures {
  readonly events: ClassFigures & {
    /** With the categories that are as right. */
    readonly lenient: number;
    readonly notEnglish: ClassFigures;
  };
  readonly whose: {
    readonly threeWay: ClassFigures;
    readonly aboutOrNot: ClassFigures;
  };
  readonly worth: RankFigures;
}

/** What was said of each item. */
export interface Said {
  readonly events: readonly {
    readonly item: EventItem;
    readonly said: string;
  }[];
  readonly about: readonly {
    readonly item: AboutItem;
    readonly said: string;
  }[];
  readonly worth: readonly {
    readonly item: WorthItem;
    readonly score: number;
  }[];
}

/** Judges labelled documents as the product does, and compares. */
export function judgeAll(labels: Labels, models: Models): Figures {
  return toFigures(sayAll(labels, models));
}

/** What the product says of labelled documents. */
export function sayAll(labels: Labels, models: Models): Said {
  return {
    events: labels.events.map((item) => ({
      item,
      said: judgeEvent(item, models).category,
    })),
    about: labels.about.map((item) => ({
      item,
      said: judgeAbout(item, toAccount(item), models).label,
    })),
    worth: labels.worth.map((item) => ({ item, score: toScore(item, models) })),
  };
}

function toScore(item: WorthItem, models: Models): number {
  const { about } = judgeAbout(item, toAccount(item), models);
  const { worth } = judgeEvent(item, models);
  // A company's filings are its own, as the product finds them.
  return worth * Math.sqrt(item.type === "filing" ? 1 : about);
}

/** Compares what was said with what is right. */
export function toFigures({ events, about, worth }: Said): Figures {
  const told = events.map(({ item, said }) => ({ said, right: item.category }));
  const accepted = events.filter(
    ({ item, said }) =>
      said === item.category ||
      item.alsoAccepted.some((category) => category === said),
  );
  const whose = about.map(({ item, said }) => ({ said, right: item.label }));
  const orNot = (label: string) => (label === "about" ? "about" : "not");
  return {
    events: {
      ...compareClasses(told),
      lenient: accepted.length / Math.max(1, events.length),
      notEnglish: compareClasses(
        events
          .filter(({ item }) => item.language !== "en")
          .map(({ item, said }) => ({ said, right: item.category })),
      ),
    },
    whose: {
      threeWay: compareClasses(whose),
      aboutOrNot: compareClasses(
        whose.map(({ said, right }) => ({
          said: orNot(said),
          right: orNot(right),
        })),
      ),
    },
    worth: rankFigures(
      worth.map(({ item, score }) => ({ score, isGood: item.worth >= 2 })),
    ),
  };
}

/** The figures as a table for people. */
export function print({ events, whose, worth }: Figures): string {
  const two = (value: number) => value.toFixed(3);
  return [
    `what is told     accuracy ${two(events.accuracy)} (lenient ${two(events.lenient)}), macro-F1 ${two(events.macroF1)}, not English ${two(events.notEnglish.accuracy)} of ${events.notEnglish.items}   n ${events.items}`,
    `whose            about or not: macro-F1 ${two(whose.aboutOrNot.macroF1)}, three-way ${two(whose.threeWay.macroF1)}   n ${whose.threeWay.items}`,
    `worth a minute   AUC ${two(worth.auc)}, precision at the top tenth ${two(worth.precisionAtTenth)} (chance ${two(worth.chance)})   n ${worth.items}`,
  ].join("\n");
}
