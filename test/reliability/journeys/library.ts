import { hashedEmbedder } from "../../../functions/src/adapters/embedders/hashed.ts";
import { firestoreVectors } from "../../../functions/src/adapters/firestore/vectors.ts";
import * as at from "../../../functions/src/domain/collections.ts";
import { SignalId } from "../../../functions/src/domain/kernel/ids.ts";
import {
  addMs,
  hourMs,
  minuteMs,
} from "../../../functions/src/domain/kernel/instant.ts";
import { toAudience } from "../../../functions/src/domain/people/roles.ts";
import { create, update } from "../../../functions/src/ports/store.ts";
import { startReembedding } from "../../../functions/src/pipeline/upkeep/reembed.ts";
import { archive } from "../../../functions/src/pipeline/snapshots.ts";
import { aSource } from "../../support/briefs.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../../support/builders.ts";
import { decides, theCard } from "../../support/stories.ts";
import { fair, openWorld, type World } from "../../support/world.ts";
import { type Journey, played } from "./journey.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");
const assetId = "transition";
const before = hashedEmbedder();
const today = hashedEmbedder({ dimension: 64 });

/** What happens beside a card's way: an asset is indexed, all is embedded anew, a deadline and a snooze pass, an account changes hands. */
export const library: Journey = {
  name: "library",
  own: [
    "asset-changed",
    "signals-reembed",
    "review-deadline",
    "snooze-end",
    "audience-changed",
    "dashboard-due",
    "dashboard-day",
  ],
  play: (strike) =>
    played(
      async (crms) => {
        const world = openWorld(5, crms, { embedder: today });
        const vectors = firestoreVectors(world.database.db, today);
        Object.assign(world.deps, { vectors });
        return world;
      },
      strike,
      async (world) => {
        await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
        await world.write(anOlderSignal(world));
        await world.emit(tenantId, {
          topic: "asset-changed",
          payload: { assetId, version: 1 },
        });
        await world.emit(tenantId, startReembedding(today.model, "by hand"));
        await world.settle(fair);
        await world.emit(tenantId, aTip(accountId, 1));
        await world.settle(fair);
        await takeAssetAway(world);
        await passMoment(world);
        await putAside(world);
        await passMoment(world);
        await handOver(world);
        await world.settle(fair);
        // A minute of its own choosing: when this is reached depends on what went before.
        const slot = Date.UTC(2026, 10, 30) / minuteMs;
        const payload = { slot, after: null };
        await world.emit(tenantId, { topic: "dashboard-due", payload });
        await world.settle(fair);
        return {};
      },
    ),
};

/** A signal that was embedded by the model before. */
function anOlderSignal(world: World) {
  const text = `Globex opens a plant. ${"It will make turbines for ships. ".repeat(60)}`;
  const fetchedAt = world.clock.now();
  const archived = archive(
    tenantId,
    { text, sections: [] },
    {
      url: null,
      licence: "CC0",
      fetchedAt,
    },
  );
  if (archived === null) throw new Error("The text is too large.");
  const changes = { embeddedWith: before.model, snapshotId: archived.id };
  const ref = at.signal(tenantId, SignalId.parse("globex_older"));
  return [...archived.writes, create(ref, aSource(text, changes).data)];
}

/** The asset goes out of use, as the API takes it. */
async function takeAssetAway(world: World): Promise<void> {
  const read = await world.database.store.read(at.asset(tenantId, assetId));
  if (read === null) throw new Error("The asset is gone.");
  await world.write([update(read, { active: false, version: 2 })]);
  const payload = { assetId, version: 2 };
  await world.emit(tenantId, { topic: "asset-changed", payload });
  await world.settle(fair);
}

/** A day on which nobody decides: longer than what waits for 24 hours, however late that began. */
async function passMoment(world: World): Promise<void> {
  world.clock.advance(25 * hourMs);
  for (let minute = 0; minute < 5; minute++) {
    await world.tick();
    await world.settle(fair);
    world.clock.advance(60_000);
  }
}

/** The card comes back by itself a day later. */
async function putAside(world: World): Promise<void> {
  const until = addMs(world.clock.now(), 24 * hourMs);
  const command = { kind: "snooze", until, reason: "" } as const;
  const card = await theCard(world, tenantId);
  await decides(world, tenantId, card, command);
}

/** Another owner, as the API sets it. */
async function handOver(world: World): Promise<void> {
  const { store } = world.database;
  const read = await store.read(at.account(tenantId, accountId));
  if (read === null) throw new Error("The account is gone.");
  const audience = [...toAudience(["bob"], ["south"])];
  const version = read.data.version + 1;
  await world.write([update(read, { audience, version })]);
  await world.emit(tenantId, {
    topic: "audience-changed",
    payload: { accountId, version, round: 1, after: null },
  });
}
