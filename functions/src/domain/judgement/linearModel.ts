import { z } from "zod";
import { buckets, type Features } from "./features.ts";

/** A trained model as it is kept in a file: for each bucket in turn, the classes that it speaks for or against. */
export const ModelFile = z.object({
  /** What it was trained on and by which script, so that a file can be told from another. */
  made: z.string(),
  classes: z.array(z.string()).min(2).max(250),
  /** What a weight of 1 in the file stands for. */
  scale: z.number().positive(),
  /** The log-odds of each class before anything is known. */
  bias: z.array(z.number()),
  /** How many entries each bucket has, a byte each, in base64. */
  counts: z.base64(),
  /** The entries of all buckets: a class and its weight, a byte each, in base64. */
  entries: z.base64(),
});
export type ModelFile = z.infer<typeof ModelFile>;

/** A linear classifier: multinomial logistic regression over hashed features. */
export interface LinearModel {
  readonly classes: readonly string[];
  /** The probability of each class, in the order of `classes`. */
  readonly predict: (features: Features) => readonly number[];
}

/** The model of a file; throws where the file does not hold together. */
export function decodeModel(file: unknown): LinearModel {
  const { classes, scale, bias, counts, entries } = ModelFile.parse(file);
  const lengths = bytesOf(counts);
  const pairs = bytesOf(entries);
  const starts = new Uint32Array(buckets + 1);
  for (let b = 0; b < buckets; b++)
    starts[b + 1] = (starts[b] ?? 0) + (lengths[b] ?? 0);
  if (lengths.length !== buckets || pairs.length !== 2 * (starts[buckets] ?? 0))
    throw new Error("The model's file does not hold together.");
  return {
    classes,
    predict: (features) => {
      const scores = classes.map((_, c) => bias[c] ?? 0);
      for (const [bucket, weight] of features) {
        const end = starts[bucket + 1] ?? 0;
        for (let i = starts[bucket] ?? 0; i < end; i++) {
          const c = pairs[2 * i] ?? 0;
          const byte = pairs[2 * i + 1] ?? 0;
          const signed = byte > 127 ? byte - 256 : byte;
          scores[c] = (scores[c] ?? 0) + signed * scale * weight;
        }
      }
      return softmax(scores);
    },
  };
}

/** Scores as probabilities. */
export function softmax(scores: readonly number[]): readonly number[] {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
