/** How well classes were told. */
export interface ClassFigures {
  readonly items: number;
  readonly accuracy: number;
  /** The mean of F1 over the classes that occur. */
  readonly macroF1: number;
}

/** Compares what was said with what is right. */
export function compareClasses(
  pairs: readonly { readonly said: string; readonly right: string }[],
): ClassFigures {
  const classes = [...new Set(pairs.map(({ right }) => right))];
  const count = (test: (pair: (typeof pairs)[number]) => boolean) =>
    pairs.filter(test).length;
  const f1s = classes.map((name) => {
    const hits = count((p) => p.said === name && p.right === name);
    const said = count((p) => p.said === name);
    const there = count((p) => p.right === name);
    return hits === 0 ? 0 : (2 * hits) / (said + there);
  });
  return {
    items: pairs.length,
    accuracy: share(
      count((p) => p.said === p.right),
      pairs.length,
    ),
    macroF1: share(
      f1s.reduce((sum, f1) => sum + f1, 0),
      f1s.length,
    ),
  };
}

interface Scored {
  readonly score: number;
  readonly isGood: boolean;
}

/** How well scores put what is good before what is not. */
export interface RankFigures {
  readonly items: number;
  /** The chance that something good has the higher score of two; ties count half. */
  readonly auc: number;
  /** The share of the good among the tenth with the highest scores. */
  readonly precisionAtTenth: number;
  /** The share of the good among all. */
  readonly chance: number;
}

/** Judges an order. */
export function rankFigures(scored: readonly Scored[]): RankFigures {
  const good = scored.filter(({ isGood }) => isGood);
  const bad = scored.filter(({ isGood }) => !isGood);
  let won = 0;
  for (const one of good)
    for (const other of bad)
      won += one.score > other.score ? 1 : one.score === other.score ? 0.5 : 0;
  return {
    items: scored.length,
    auc: share(won, good.length * bad.length),
    precisionAtTenth: precisionAtTenth(scored),
    chance: share(good.length, scored.length),
  };
}

/** Where scores tie at the edge, in expectation over their orders. */
function precisionAtTenth(scored: readonly Scored[]): number {
  const taken = Math.max(1, Math.round(0.1 * scored.length));
  const sorted = [...scored].sort((a, b) => b.score - a.score);
  const edge = sorted[taken - 1]?.score ?? 0;
  const above = scored.filter(({ score }) => score > edge);
  const tied = scored.filter(({ score }) => score === edge);
  const good = (all: readonly Scored[]) =>
    all.filter(({ isGood }) => isGood).length;
  return share(
    good(above) + share(good(tied), tied.length) * (taken - above.length),
    taken,
  );
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
