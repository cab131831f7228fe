import { afterAll, beforeAll, expect, test } from "vitest";
import { startQdrant } from "../../dev/standins/qdrant.ts";
import { hashedEmbedder } from "../../functions/src/adapters/embedders/hashed.ts";
import { qdrantVectors } from "../../functions/src/adapters/vectors/qdrant.ts";
import type { Vectors } from "../../functions/src/ports/vectors.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import { theCard } from "../support/stories.ts";
import { type Crms, fair, openWorld, startCrms } from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");

let crms: Crms;
beforeAll(async () => void (crms = await startCrms()));
afterAll(() => crms.close());

test("a Qdrant that goes away before a card is written leaves a gap on the card, never a missing card", async () => {
  const qdrant = await startQdrant({ port: 0 });
  const { model, dimension } = hashedEmbedder();
  const there = qdrantVectors({
    url: qdrant.url,
    apiKey: () => "",
    model,
    dimension,
  });
  const vectors: Vectors = {
    ...there,
    search: async (...asked) => {
      await qdrant.close();
      return there.search(...asked);
    },
  };
  const world = openWorld(11, crms, { vectors });
  await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
  await world.emit(tenantId, aTip(accountId, 1));
  await world.settle(fair);
  const { data } = await theCard(world, tenantId);
  expect(data.card.gaps).toEqual([
    "Related signals and assets could not be looked up.",
  ]);
  const discovered = (await world.messages()).filter(
    (message) => message.data.topic === "signal-qualified",
  );
  expect(discovered.map((message) => message.data.attempts)).toEqual([2]);
  await world.close();
});
