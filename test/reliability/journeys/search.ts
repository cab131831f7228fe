import { newsapi } from "../../../functions/src/adapters/connectors/searches/newsapi.ts";
import { firestorePacer } from "../../../functions/src/adapters/firestore/pacer/pacer.ts";
import type { Emission } from "../../../functions/src/domain/messages/message.ts";
import { startReplay } from "../../../dev/standins/replay.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
} from "../../support/builders.ts";
import { faultable } from "../../support/faults.ts";
import { searches } from "../../support/searches.ts";
import { reachOf } from "../../support/reach.ts";
import { aPage, aStoryOf } from "../../support/stories.ts";
import { fair, openWorld } from "../../support/world.ts";
import { type Journey, played } from "./journey.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("brindlewick");
const name = "Brindlewick Systems";
const story = aStoryOf(name, "of the fair");

/** What a search with a key finds; and what others send in without saying whose it is: a story, the same story told again, and one of which it is not sure. */
export const search: Journey = {
  name: "search",
  own: ["vendor-due", "signal-received", "signal-ingested"],
  play: async (strike) => {
    const replay = await startReplay({ port: 0, recordingsDir: null });
    const came = await played(
      async (crms) => {
        const connectors: { newsapi?: ReturnType<typeof newsapi> } = {};
        const world = openWorld(9, crms, { connectors });
        const { db } = world.database;
        connectors.newsapi = newsapi(
          reachOf(replay.url, {
            pacer: faultable("newsPacer", firestorePacer(db, world.clock)),
            now: world.clock.now,
          }),
        );
        return world;
      },
      strike,
      async (world) => {
        const account = anAccount({
          name,
          aliases: [],
          domains: ["brindlewick.example"],
          sources: [searches.newsapi],
        });
        await world.write(aTenantWith(tenantId, [[accountId, account]]));
        await world.emit(tenantId, {
          topic: "account-due",
          payload: { accountId, occasion: "first", sourceKey: null, part: 0 },
        });
        await world.settle(fair);
        const domains = ["brindlewick.example"];
        for (const sent of [
          sentIn("first", story, { domains }),
          sentIn("again", `As others write: ${story} More later.`, { domains }),
          sentIn("unsure", aStoryOf(name, "of another fair"), {}),
        ]) {
          await world.emit(tenantId, sent);
          await world.settle(fair);
        }
        return {};
      },
    );
    await replay.close();
    return came;
  },
};

function sentIn(
  id: string,
  text: string,
  about: { readonly domains?: string[] },
): Emission<"signal-received"> {
  const title = "A new chief information officer";
  const item = aPage(id, { source: "webhook", title });
  return {
    topic: "signal-received",
    payload: {
      accountId: null,
      sourceKey: "webhook",
      item,
      handedIn: { title, text },
      by: null,
      about,
    },
  };
}
