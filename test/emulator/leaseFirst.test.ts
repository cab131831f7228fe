import { expect, test } from "vitest";
import { hashedEmbedder } from "../../functions/src/adapters/embedders/hashed.ts";
import { extractiveWriter } from "../../functions/src/adapters/writers/extractive.ts";
import * as at from "../../functions/src/domain/collections.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import { create } from "../../functions/src/ports/store.ts";
import { demoAssets } from "../../dev/demoLibrary.ts";
import { fair, openWorld, startCrms } from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");

/** In every world a stage that reaches out before it has its lease breaks off; here every port reaches out. */
test("what asks a model or an embedder has its lease first", async () => {
  const crms = await startCrms();
  const asked = new Set<string>();
  const embedder = hashedEmbedder();
  const world = openWorld(31, crms, {
    embedder: {
      ...embedder,
      reachesOut: true,
      embed: async (texts, signal) => {
        asked.add("embedder");
        return embedder.embed(texts, signal);
      },
    },
    writer: {
      ...extractiveWriter(),
      model: "a-model",
      draft: async (brief, signal) => {
        asked.add("writer");
        return extractiveWriter().draft(brief, signal);
      },
    },
    classifier: {
      classify: async () => {
        asked.add("classifier");
        return { category: "leadership_change", themes: [], confidence: 0.9 };
      },
    },
  });
  const [asset] = Object.entries(demoAssets);
  if (asset === undefined) throw new Error("The demo has no assets.");
  await world.write([
    ...aTenantWith(tenantId, [[accountId, anAccount()]]),
    create(at.asset(tenantId, asset[0]), {
      ...asset[1],
      active: true,
      version: 1,
    }),
  ]);
  await world.emit(tenantId, aTip(accountId, 1));
  const vague = aTip(accountId, 2);
  await world.emit(tenantId, {
    ...vague,
    payload: {
      ...vague.payload,
      item: { ...vague.payload.item, title: "A note on Globex" },
      handedIn: {
        title: "A note on Globex",
        text: "Globex was mentioned at the fair by several people, and more is to be heard of it in the coming weeks.",
      },
    },
  });
  await world.emit(tenantId, {
    topic: "asset-changed",
    payload: { assetId: asset[0], version: 1 },
  });
  await world.emit(tenantId, {
    topic: "signals-reembed",
    payload: {
      model: embedder.model,
      occasion: "by hand",
      collection: "signals",
      after: null,
    },
  });
  await world.settle(fair);
  const ended = (await world.messages()).map(({ data }) => [
    data.topic,
    data.state,
    data.error?.message ?? null,
  ]);
  expect(ended.filter(([, state]) => state === "parked")).toEqual([]);
  expect([...asked].sort()).toEqual(["classifier", "embedder", "writer"]);
  await Promise.all([world.close(), crms.close()]);
});
