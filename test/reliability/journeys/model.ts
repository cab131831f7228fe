import {
  anthropicKey,
  startAnthropic,
} from "../../../dev/standins/anthropic.ts";
import { careful, lying } from "../../../dev/standins/anthropicAnswers.ts";
import { storedAnswers } from "../../../functions/src/adapters/firestore/answers.ts";
import { anthropicWriter } from "../../../functions/src/adapters/writers/anthropic.ts";
import type { Deps } from "../../../functions/src/ports/deps.ts";
import type { Writer } from "../../../functions/src/ports/writing.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../../support/builders.ts";
import { faultable } from "../../support/faults.ts";
import { type Crms, fair, openWorld, type World } from "../../support/world.ts";
import { type Journey, played } from "./journey.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");
const claude = "claude-sonnet-5-5";

/** From a tip to a card that a model wrote, and had to repair: each answer is paid for once. */
export const model: Journey = {
  name: "model",
  own: ["signal-qualified"],
  play: async (strike) => {
    const standIn = await startAnthropic({ port: 0 });
    standIn.always((question) =>
      question.isRepair ? careful(question) : lying(question),
    );
    const came = await played(
      async (crms) => worldWithClaude(crms, standIn.url, 7),
      strike,
      async (world) => {
        await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
        await world.emit(tenantId, aTip(accountId, 1));
        await world.settle(fair);
        return { paid: standIn.ledger().paid.length };
      },
    );
    await standIn.close();
    return came;
  },
  // Between the answer and its keeping nobody can know that it was paid for.
  allowed: (point) =>
    /^answers\.keep#\d:before$/.test(point) ? { paid: 1 } : {},
};

/** A world whose cards are written by Claude, at this address, each answer kept in the world's database. */
export function worldWithClaude(
  crms: Crms,
  url: string,
  seed: number,
  overrides: Partial<Deps> = {},
): World {
  const late: { writer?: Writer } = {};
  const world = openWorld(seed, crms, {
    ...overrides,
    writer: {
      name: "claude",
      model: claude,
      draft: (brief, signal) => {
        if (late.writer === undefined) throw new Error("no writer yet");
        return late.writer.draft(brief, signal);
      },
    },
  });
  const { store } = world.database;
  late.writer = anthropicWriter({
    apiKey: () => anthropicKey,
    baseUrl: url,
    model: claude,
    answers: faultable("answers", storedAnswers(store, world.clock)),
  });
  return world;
}
