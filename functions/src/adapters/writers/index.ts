import type { WriterDefinition } from "../definition.ts";
import { claudeWriter } from "./anthropic.ts";
import { extractive } from "./extractive.ts";

/** Every writer of cards; the first is used where none is named. */
export const writers: readonly [WriterDefinition, ...WriterDefinition[]] = [
  claudeWriter,
  extractive,
];
