import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as at from "../../functions/src/domain/collections.ts";
import { MessageId } from "../../functions/src/domain/ids.ts";
import { LeaseLostError } from "../../functions/src/domain/errors.ts";
import { stageOf } from "../../functions/src/pipeline/index.ts";
import { deliver } from "../../functions/src/triggers/delivery.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import { type Crms, fair, openWorld, startCrms } from "../support/world.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");

describe("R5: executions of one message that overlap", () => {
  let crms: Crms;
  beforeAll(async () => {
    crms = await startCrms();
  });
  afterAll(() => crms.close());

  it("fifty at once have one effect", async () => {
    const world = openWorld(5, crms);
    await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
    await world.emit(tenantId, aTip(accountId, "fifty"));
    await world.settle(fair);
    await world.approveAll(tenantId);
    world.clock.advance(11_000);
    const before = crms.salesforce.ledger().tasks.length;

    // Every message on the way from the approval to the CRM is run by fifty at once.
    let overlapped = 0;
    for (;;) {
      const open = (await world.messages()).filter(
        ({ data }) => data.state === "open" && data.topic !== "review-deadline",
      );
      if (open.length === 0) break;
      for (const { id } of open) {
        const results = await Promise.all(
          Array.from({ length: 50 }, () =>
            deliver(
              { tenantId, messageId: MessageId.parse(id) },
              stageOf,
              world.deps,
            ),
          ),
        );
        expect(results.filter((result) => result === "done")).toHaveLength(1);
        overlapped++;
      }
    }
    expect(overlapped).toBe(5);
    expect(crms.salesforce.ledger().tasks.length - before).toBe(1);
    expect(
      crms.hubspot
        .ledger()
        .tasks.filter(({ subject }) => subject.includes("fifty")),
    ).toHaveLength(1);
    console.log(
      `R5: ${overlapped} messages × 50 overlapping executions: 1 task in each CRM`,
    );
    await world.close();
  });

  it("one whose lease ran out is refused, whatever it still wants to do", async () => {
    const world = openWorld(6, crms);
    await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
    const messageId = await world.emit(tenantId, aTip(accountId, "stale"));

    let release: () => void = () => undefined;
    let asked: unknown = null;
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow = deliver(
      { tenantId, messageId },
      (topic) => ({
        ...stageOf(topic),
        run: async (job, deps) => {
          await held;
          asked = await job.stillMine().catch((error: unknown) => error);
          return stageOf(topic).run(job, deps);
        },
      }),
      {
        ...world.deps,
        clock: {
          ...world.clock,
          abortAfter: () => ({
            signal: new AbortController().signal,
            cancel: () => undefined,
          }),
        },
      },
    );
    // The slow one has claimed; its lease of 75 s runs out, and another finishes the work.
    await expect
      .poll(
        async () =>
          (await world.messages()).find(({ id }) => id === messageId)?.data
            .lease,
      )
      .not.toBeNull();
    world.clock.advance(76_000);
    expect(await deliver({ tenantId, messageId }, stageOf, world.deps)).toBe(
      "done",
    );
    const after = (await world.messages()).find(({ id }) => id === messageId);
    release();

    expect(await slow).toBe("not-mine");
    expect(asked).toBeInstanceOf(LeaseLostError);
    const now = await world.database.store.read(
      at.message(tenantId, messageId),
    );
    expect(now?.stamp).toEqual(after?.stamp);
    await world.close();
  });
});
