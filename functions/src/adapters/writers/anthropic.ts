import { PermanentError } from "../../domain/kernel/errors.ts";
import { eventTitle } from "../../domain/prompts/foreignText.ts";
import { outreachFrom } from "../../domain/cards/library.ts";
import { CardAnswer, vetAnswer } from "../../domain/prompts/modelAnswer.ts";
import {
  type Prompt,
  toPrompt,
  promptVersion,
} from "../../domain/prompts/prompts.ts";
import type { Brief, Draft, Writer } from "../../ports/writing.ts";
import {
  claude,
  claudeAsSet,
  claudeDefinition,
  type ClaudeSettings,
} from "../anthropic/claude.ts";
import { defineWriter, isLocal } from "../definition.ts";

export const claudeWriter = defineWriter({
  ...claudeDefinition,
  name: "claude",
  standIn: ({ baseUrl }) =>
    isLocal(baseUrl) ? "a local server that speaks the Messages API" : null,
  build: (given, keep) => anthropicWriter(claudeAsSet(given, keep)),
});

interface Settings extends ClaudeSettings {
  /** How much of the documents is shown to it, in tokens. */
  readonly evidenceTokens?: number;
}

/**
 * Cards by Claude. Each answer is kept under the hash of what was asked before it is used, and is used again
 * instead of asking; one that does not fit its schema is not kept. Retries nothing by itself.
 */
export function anthropicWriter(settings: Settings): Writer {
  const { model, evidenceTokens = 30_000 } = settings;
  const ask = claude({
    // A draft and its repair fit into the stage's time, which is 300 s.
    timeoutMs: 140_000,
    // Thinking counts toward it; a card itself has some 1,500.
    maxTokens: 16_000,
    ...settings,
    isCached: true,
    schema: CardAnswer,
    promptVersion,
    // A card is a matter of care in copying, not of long thought.
    effort: "medium",
    words: {
      deed: "write this card",
      asker: "the writer",
      instead: "CARD_WRITER=extractive",
    },
  });
  return {
    name: "claude",
    model,
    draft: async (brief, signal) => {
      if (brief.signals.length === 0) throw noSignal();
      const prompt = toPrompt(brief, evidenceTokens);
      const { stable, ofPlaybook, ofCard } = prompt;
      const asked = { system: [stable, ofPlaybook], content: ofCard };
      const answer = await ask(brief.tenantId, asked, signal);
      return toDraft(answer, brief, prompt);
    },
  };
}

function noSignal(): PermanentError {
  return new PermanentError("bad-card", "A card needs at least one signal.");
}

function toDraft(answer: CardAnswer, brief: Brief, prompt: Prompt): Draft {
  const { account, signals, playbook, assets } = brief;
  const [main] = signals;
  if (main === undefined) throw noSignal();
  const templates = playbook?.data.outreach ?? [];
  const { title, claims, quotes, outreach } = vetAnswer(answer, {
    documents: signals.map(({ id, data }, i) => ({
      id,
      title: data.title,
      text: prompt.shown[i] ?? "",
    })),
    known: [
      account.name,
      ...account.aliases,
      ...(playbook === null ? [] : [playbook.data.title, playbook.data.action]),
      ...templates.flatMap(({ subject, body }) => [subject, body]),
      ...assets.flatMap(({ data }) => [data.title, data.summary]),
    ],
  });
  // A stranger wrote this one, too.
  const event = eventTitle(main.data.title, {
    links: brief.links,
    otherwise: account.name,
  }).slice(0, 300);
  return {
    title: title ?? event,
    claims,
    quotes,
    outreach:
      outreach.length > 0 || playbook === null
        ? outreach
        : outreachFrom(playbook.data, account.name, event),
  };
}
