import type { Embedder } from "../../ports/vectors.ts";
import { geminiEmbedder } from "./gemini.ts";
import { hashedEmbedder } from "./hashed.ts";

/** The embedder of the hosted model that is named, hashed n-grams where none is. */
export function embedder(
  hosted: Parameters<typeof geminiEmbedder>[0],
): Embedder {
  return hosted.model === "" ? hashedEmbedder() : geminiEmbedder(hosted);
}
