import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { OpportunityId } from "../../functions/src/domain/kernel/ids.ts";
import { addMs, hourMs } from "../../functions/src/domain/kernel/instant.ts";
import { toInboxItem } from "../../functions/src/domain/cards/inbox.ts";
import { create } from "../../functions/src/ports/store.ts";
import { aCase, acme, bodyOf, openApi, type TestApi } from "../support/api.ts";

describe("the inbox", () => {
  const Page = z.object({
    items: z.array(
      z.object({ id: z.string(), score: z.number(), status: z.string() }),
    ),
    nextCursor: z.string().nullable(),
  });
  let lone: TestApi;
  beforeAll(async () => {
    lone = await openApi();
    const now = lone.clock.now();
    const { opportunity } = aCase("x", now);
    const line = toInboxItem(opportunity);
    // Many share a score, so that only the id tells them apart.
    const writes = Array.from({ length: 57 }, (_, i) => {
      const mine = i % 3 !== 0;
      return create(at.inboxItem(acme, OpportunityId.parse(`card-${i}`)), {
        ...line,
        score: [90, 50, 50, 50, 10.5][i % 5] ?? 0,
        status: i % 10 === 9 ? "rejected" : "in_review",
        dueAt: addMs(now, i % 10 === 0 ? -hourMs : hourMs),
        audience: mine ? ["u:anna", "t:north"] : ["u:bob", "t:south"],
      });
    });
    await lone.write(writes);
  });
  afterAll(() => lone.close());

  async function walk(person: string, query: string) {
    const seen: z.infer<typeof Page>["items"] = [];
    let cursor: string | null = "";
    for (let pages = 0; cursor !== null && pages < 60; pages++) {
      const next: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const path = `/api/v1/inbox?${query}${next}`;
      const page = bodyOf(await lone.as(person, path), 200, Page);
      const most = Number(/limit=(\d+)/.exec(query)?.[1] ?? 50);
      expect(page.items.length).toBeLessThanOrEqual(most);
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    return seen;
  }

  it.each([1, 4, 7, 50, 100])(
    "pages by %i through all cards by falling score, without a gap or a double",
    async (limit) => {
      const seen = await walk("ada", `status=all&limit=${limit}`);
      expect(new Set(seen.map(({ id }) => id)).size).toBe(57);
      expect(seen).toHaveLength(57);
      const scores = seen.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    },
  );

  it("shows an account manager their own cards, a lead their team's, the others all", async () => {
    const ids = async (person: string) =>
      (await walk(person, "status=all")).map(({ id }) => id).sort();
    const all = await ids("vera");
    const mine = await ids("anna");
    expect(all).toHaveLength(57);
    expect(mine).toHaveLength(38);
    expect(await ids("lea")).toEqual(mine);
    expect(await ids("otto")).toEqual(all);
    expect(await ids("bob")).toEqual(all.filter((id) => !mine.includes(id)));
  });

  it("shows what is in review unless asked otherwise, from a score on", async () => {
    const review = await walk("anna", "limit=5");
    expect(new Set(review.map(({ status }) => status))).toEqual(
      new Set(["in_review"]),
    );
    const rejected = await walk("anna", "status=rejected");
    expect(review.length + rejected.length).toBe(38);
    const high = await walk("anna", "min_score=50&limit=5");
    expect(high).toEqual(review.filter(({ score }) => score >= 50));
    expect(await walk("anna", "min_score=10.5")).toEqual(review);
  });

  it("counts what the caller may see", async () => {
    const Stats = z.object({
      byStatus: z.record(z.string(), z.int()),
      total: z.int(),
      inReview: z.int(),
      overdue: z.int(),
    });
    const stats = async (person: string) =>
      bodyOf(await lone.as(person, "/api/v1/inbox/stats"), 200, Stats);
    expect(await stats("ada")).toMatchObject({
      total: 57,
      inReview: 52,
      overdue: 6,
      byStatus: { in_review: 52, rejected: 5, approved: 0, draft: 0 },
    });
    expect(await stats("anna")).toMatchObject({ total: 38, overdue: 4 });
  });
});
