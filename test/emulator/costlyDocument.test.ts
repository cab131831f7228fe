import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inThread } from "../../functions/src/adapters/text/inThread.ts";
import * as at from "../../functions/src/domain/collections.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aUid,
} from "../support/builders.ts";
import { buildThreads, type ThreadFiles } from "../support/readers.ts";
import {
  aFeed,
  aFeedSource,
  all,
  aPage,
  aStoryOf,
  decisions,
} from "../support/stories.ts";
import { type Crms, fair, openWorld, startCrms } from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");

describe("a document that its reader is never done with", () => {
  let crms: Crms;
  let files: ThreadFiles;
  beforeAll(async () => {
    [crms, files] = await Promise.all([startCrms(), buildThreads()]);
  });
  afterAll(async () => {
    await Promise.all([crms.close(), files.remove()]);
  });

  it("is dropped with its reason at its first start, and those beside it become signals", async () => {
    const reading = inThread({ entry: files.standIn, cpuMs: 2_000 });
    const story = (id: string) => aStoryOf("Globex", id);
    const world = openWorld(81, crms, {
      connectors: {
        rss: aFeed({
          look: () => [],
          fetch: ({ itemId }) =>
            itemId === "endless" ? "spin" : story(itemId),
        }),
      },
      reader: reading.reader,
      annotator: reading.annotator,
    });
    const sources = [aFeedSource("feed")];
    await world.write(
      aTenantWith(tenantId, [[accountId, anAccount({ sources })]]),
    );
    const ids = await Promise.all(
      ["endless", "first", "second"].map((id) =>
        world.emit(tenantId, {
          topic: "signal-received",
          payload: {
            accountId,
            sourceKey: "feed",
            item: aPage(id),
            handedIn: null,
            by: aUid("anna"),
          },
        }),
      ),
    );
    const [endless, ...beside] = await Promise.all(
      ids.map((id) => world.deliverOnce(tenantId, id)),
    );

    expect(endless?.result).toBe("done");
    expect(beside.map(({ result }) => result)).toEqual(["done", "done"]);
    const message = (await world.messages()).find(({ id }) => id === ids[0]);
    expect(message?.data).toMatchObject({
      state: "done",
      starts: 1,
      attempts: 0,
    });
    const [dropped] = await decisions(world, tenantId);
    expect(dropped).toMatchObject({ verdict: "dropped", reason: "too-large" });
    expect(dropped?.detail).toContain("took more than 2000 ms");
    expect(await all(world, at.signals(tenantId))).toHaveLength(2);
    await world.settle(fair);
    await Promise.all([world.close(), reading.close()]);
  });
});
