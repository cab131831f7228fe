import { reachOf } from "../../support/reach.ts";
import { startReplay } from "../../../dev/standins/replay.ts";
import { sec } from "../../../functions/src/adapters/connectors/sec/sec.ts";
import { firestorePacer } from "../../../functions/src/adapters/firestore/pacer/pacer.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
} from "../../support/builders.ts";
import { faultable } from "../../support/faults.ts";
import { fair, openWorld } from "../../support/world.ts";
import { type Journey, played } from "./journey.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("meta");

/** From a filing at the SEC, at the SEC's rate, to a task in each CRM. */
export const filing: Journey = {
  name: "filing",
  own: [
    "account-due",
    "signal-received",
    "signal-ingested",
    "account-assess",
    "signal-qualified",
    "opportunity-approved",
    "crm-write",
    "activation-settled",
  ],
  play: async (strike) => {
    const replay = await startReplay({ port: 0, recordingsDir: null });
    const came = await played(
      async (crms) => {
        const connectors: { sec?: ReturnType<typeof sec> } = {};
        const world = openWorld(2, crms, { connectors });
        const { db } = world.database;
        connectors.sec = sec(
          reachOf(replay.url, {
            pacer: faultable("secPacer", firestorePacer(db, world.clock)),
            now: world.clock.now,
          }),
          { contact: "ops@acme.example" },
        );
        return world;
      },
      strike,
      async (world) => {
        const meta = anAccount({
          name: "Meta Platforms",
          aliases: ["Meta"],
          sources: [{ kind: "sec", key: "sec", cik: "0001326801" }],
        });
        const halfLifeDays = {
          filing: 365,
          news: 365,
          job: 365,
          crm: 365,
          metric: 365,
          tip: 365,
        };
        await world.write(
          aTenantWith(tenantId, [[accountId, meta]], { halfLifeDays }),
        );
        await world.emit(tenantId, {
          topic: "account-due",
          payload: { accountId, occasion: "first", sourceKey: null, part: 0 },
        });
        await world.settle(fair);
        const approved = await world.approveAll(tenantId);
        await world.settle(fair);
        return { approved };
      },
    );
    await replay.close();
    return came;
  },
};
