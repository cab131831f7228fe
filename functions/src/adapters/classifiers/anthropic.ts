import {
  Classified,
  classifyingPrompt,
  classifyingVersion,
} from "../../domain/signals/classifying.ts";
import type { Classifier } from "../../ports/reading.ts";
import {
  claude,
  claudeAsSet,
  claudeDefinition,
  type ClaudeSettings,
} from "../anthropic/claude.ts";
import { defineClassifier } from "../definition.ts";

export const claudeClassifier = defineClassifier({
  ...claudeDefinition,
  name: "claude",
  build: (given, keep) => anthropicClassifier(claudeAsSet(given, keep)),
});

/** Categories by Claude, each paid for once: an answer is kept under the hash of what was asked. Retries nothing by itself. */
export function anthropicClassifier(settings: ClaudeSettings): Classifier {
  const ask = claude({
    // The stage has 60 s, for this and for its vectors.
    timeoutMs: 20_000,
    maxTokens: 4_000,
    ...settings,
    // Its instructions are shorter than what is cached.
    isCached: false,
    schema: Classified,
    promptVersion: classifyingVersion,
    effort: "low",
    words: {
      deed: "sort this document",
      asker: "the classifier",
      instead: "CLASSIFIER=rules",
    },
  });
  return {
    classify: ({ tenantId, title, text }, signal) =>
      ask(tenantId, classifyingPrompt({ title, text }), signal),
  };
}
