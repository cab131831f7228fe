import type { EmbedderDefinition } from "../definition.ts";
import { gemini } from "./gemini.ts";
import { hashed } from "./hashed.ts";

/** Every embedder; the first that is set up is used. The last is always set up. */
export const embedders: readonly EmbedderDefinition[] = [gemini, hashed];
