import {
  buckets,
  type Features,
} from "../../functions/src/domain/judgement/features.ts";
import {
  type ModelFile,
  softmax,
} from "../../functions/src/domain/judgement/linearModel.ts";
import { randomFrom } from "./random.ts";

/** Something of which the class is known. */
export interface Example {
  readonly features: Features;
  readonly class: string;
}

export interface TrainingSettings {
  /** How often each example is learned from. */
  readonly epochs: number;
  /** The step of AdaGrad. */
  readonly rate: number;
  /** How strongly weights are drawn to zero. */
  readonly l2: number;
  /** What each gradient's history begins with: the larger, the calmer the first steps. */
  readonly history: number;
  /** How many weights are kept, the largest. */
  readonly weights: number;
}

/** Features of fewer examples than this say nothing in general. */
const leastExamples = 2;

/** The largest weight that a byte of the file can hold. */
const mostByte = 127;

/**
 * Trains multinomial logistic regression by AdaGrad (Duchi, Hazan and Singer, 2011). The same examples in the same
 * order give the same file. Weights that round to nothing are left out.
 */
export function trainModel(
  examples: readonly Example[],
  settings: TrainingSettings,
  made: string,
): ModelFile {
  const classes = [...new Set(examples.map((one) => one.class))].sort();
  const { weights, bias } = learn(examples, classes, settings);
  const kept = keepLargest(weights, settings.weights);
  return toFile({ weights: kept, bias, classes, made });
}

function learn(
  examples: readonly Example[],
  classes: readonly string[],
  { epochs, rate, l2, history }: TrainingSettings,
) {
  const counts = new Uint32Array(buckets);
  for (const { features } of examples)
    for (const bucket of features.keys()) add(counts, bucket, 1);
  const known = examples.map((one) => ({
    entries: [...one.features].filter(
      ([bucket]) => (counts[bucket] ?? 0) >= leastExamples,
    ),
    right: classes.indexOf(one.class),
  }));
  const size = buckets * classes.length;
  const weights = new Float64Array(size);
  const squares = new Float64Array(size).fill(history);
  const bias = new Float64Array(classes.length);
  const random = randomFrom(1);
  for (let epoch = 0; epoch < epochs; epoch++)
    for (const { entries, right } of random.shuffled(known)) {
      const predicted = predict(entries, weights, bias);
      predicted.forEach((probability, c) => {
        const error = probability - (c === right ? 1 : 0);
        add(bias, c, -0.01 * error);
        if (Math.abs(error) < 1e-4) return;
        for (const [bucket, value] of entries) {
          const at = bucket * classes.length + c;
          const gradient = error * value + l2 * (weights[at] ?? 0);
          const square = add(squares, at, gradient * gradient);
          add(weights, at, (-rate * gradient) / Math.sqrt(square));
        }
      });
    }
  return { weights, bias };
}

function predict(
  entries: readonly (readonly [number, number])[],
  weights: Float64Array,
  bias: Float64Array,
): readonly number[] {
  const scores = [...bias];
  for (const [bucket, value] of entries)
    for (let c = 0; c < scores.length; c++)
      add(scores, c, (weights[bucket * scores.length + c] ?? 0) * value);
  return softmax(scores);
}

/** The weights, of which all but so many of the largest are zero. */
function keepLargest(weights: Float64Array, most: number): Float64Array {
  const sizes = weights.map(Math.abs).sort();
  const least = sizes[Math.max(0, sizes.length - most)] ?? 0;
  return weights.map((weight) => (Math.abs(weight) < least ? 0 : weight));
}

function toFile({
  weights,
  bias,
  classes,
  made,
}: {
  readonly weights: Float64Array;
  readonly bias: Float64Array;
  readonly classes: readonly string[];
  readonly made: string;
}): ModelFile {
  const most = weights.reduce((max, w) => Math.max(max, Math.abs(w)), 0);
  const scale = most / mostByte;
  const counts = new Uint8Array(buckets);
  const entries: number[] = [];
  for (let bucket = 0; bucket < buckets; bucket++)
    for (let c = 0; c < classes.length; c++) {
      const weight = weights[bucket * classes.length + c] ?? 0;
      const byte = Math.round(weight / scale);
      if (byte === 0) continue;
      add(counts, bucket, 1);
      entries.push(c, byte & 0xff);
    }
  return {
    made,
    classes: [...classes],
    scale,
    bias: [...bias].map((value) => Math.round(1e4 * value) / 1e4),
    counts: Buffer.from(counts).toString("base64"),
    entries: Buffer.from(Uint8Array.from(entries)).toString("base64"),
  };
}

/** Adds to a number of a list; the sum. */
function add(
  list: number[] | Float64Array | Uint8Array | Uint32Array,
  at: number,
  amount: number,
): number {
  const sum = (list[at] ?? 0) + amount;
  list[at] = sum;
  return sum;
}
