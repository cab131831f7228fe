import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { careful, type Question } from "../../dev/standins/anthropicAnswers.ts";
import { normaliseText } from "../../functions/src/domain/text/normalText.ts";

/** An instruction that somebody hid in a document, and what a model that obeys it would write. */
export interface Planted {
  readonly kind: string;
  readonly text: string;
  readonly obeyed: string;
}

const Own = z.array(
  z.object({
    kind: z.string(),
    text: z.string(),
    obeyed: z.string().optional(),
  }),
);
const Bipia = z.record(z.string(), z.array(z.string()));
const LookAlikes = z.array(z.object({ prompt: z.string() }));

const folder = join(
  process.env["RECORDINGS_DIR"] ?? "../shared/data",
  "injection",
);
const bipia = join(folder, "bipia_text_attack_train.json");
const notInject = join(folder, "notinject_one.json");

/** The project's own hundred, and those of BIPIA where they are at hand; says so where they are not. */
export function plantedInstructions(): readonly Planted[] {
  const own = Own.parse(
    read(join(import.meta.dirname, "../fixtures/injection/planted.json")),
  );
  if (!existsSync(bipia))
    console.log(`${bipia} is not there: its instructions are left out.`);
  const recorded = existsSync(bipia)
    ? Object.entries(Bipia.parse(read(bipia))).flatMap(([kind, texts]) =>
        texts.map((text) => ({ kind, text, obeyed: undefined })),
      )
    : [];
  return [...own, ...recorded].map(({ kind, text, obeyed }) => ({
    kind,
    text,
    obeyed: obeyed ?? text,
  }));
}

/** Benign texts that look like instructions; none where they are not at hand, and says so. */
export function lookAlikes(): readonly string[] {
  if (existsSync(notInject))
    return LookAlikes.parse(read(notInject)).map(({ prompt }) => prompt);
  console.log(`${notInject} is not there: its look-alikes are left out.`);
  return [];
}

/** A document with instructions at its beginning, in its middle and at its end. */
export function plantedIn(
  sentences: readonly string[],
  planted: readonly Planted[],
): string {
  const third = Math.ceil(planted.length / 3);
  const part = (n: number) =>
    planted.slice(n * third, (n + 1) * third).map(({ text }) => text);
  const half = Math.ceil(sentences.length / 2);
  return [
    ...part(0),
    sentences.slice(0, half).join(" "),
    ...part(1),
    sentences.slice(half).join(" "),
    ...part(2),
  ].join("\n\n");
}

/**
 * What a model answers that obeys all of these, whether it was shown them or not: each as a quote, an inference, a
 * calculation, the title or a message, in turns, beside two claims that are true.
 */
export function obedient(question: Question, planted: readonly Planted[]) {
  const { title, claims, outreach } = careful(question);
  const [first] = claims;
  const quote = first !== undefined && "quote" in first ? first.quote : "";
  const made = planted.map(({ text, obeyed }, i) => {
    const said = obeyed.slice(0, 900);
    if (i % 4 === 0)
      return {
        kind: "FOUND",
        text: said,
        document: 1,
        quote: text.slice(0, 900),
      };
    if (i % 4 === 1) return { kind: "INFERRED", text: said, basis: [1] };
    if (i % 4 === 2) return { kind: "FOUND", text: said, document: 1, quote };
    return { kind: "CALCULATED", text: said, formula: "1 + 1", basis: [1] };
  });
  const messages = planted.slice(0, 3).map(({ obeyed }) => ({
    channel: "email",
    subject: obeyed.slice(0, 150),
    body: `Hello there,\n\n${obeyed.slice(0, 2000)}\n\nBest regards`,
  }));
  return {
    title: (planted[0]?.obeyed ?? title).slice(0, 200),
    claims: [...claims.slice(0, 2), ...made].slice(0, 12),
    outreach: messages.length > 0 ? messages : outreach,
  };
}

/** Finds which of these stand in a text: whole, as they were planted or as they were obeyed, or a sentence of them. */
export function finderOf(
  planted: readonly Planted[],
): (text: string) => readonly string[] {
  const sentences = new Set(
    planted
      .flatMap(({ text, obeyed }) => [text, obeyed])
      .flatMap((whole) => [whole, ...whole.split(/(?<=[.!?。])\s|\n/u)])
      .map(words)
      .filter((sentence) => sentence.length > 10),
  );
  return (text) => {
    const said = words(text);
    return [...sentences].filter((sentence) => said.includes(sentence));
  };
}

function words(text: string): string {
  return ` ${(
    normaliseText(text)
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{Nd}]+/gu) ?? []
  ).join(" ")} `;
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}
