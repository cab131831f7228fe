import { describe, expect, test } from "vitest";
import { watchedPostings } from "../../functions/src/adapters/connectors/boards/parts/jobBoard.ts";
import { PermanentError } from "../../functions/src/domain/kernel/errors.ts";
import type { SourceItem } from "../../functions/src/domain/signals/signal.ts";
import { brindlewick, quillmere, saltmarsh } from "../support/jobBoards.ts";
import {
  amplitude,
  answers,
  connectorAt,
  errorOf,
  never,
  serving,
} from "../support/sources.ts";

describe("a board that changes", () => {
  const path = "/api.lever.co/v0/postings/brindlewick";
  const job = (
    id: string,
    text: string,
    description = "<p>As it was.</p>",
  ) => ({
    id,
    text,
    hostedUrl: `https://jobs.lever.co/brindlewick/${id}`,
    createdAt: Date.UTC(2026, 6, Number(id)),
    description,
  });
  type Job = ReturnType<typeof job>;

  const lookAt = async (
    jobs: readonly Job[],
    cursor: Readonly<Record<string, string>> | null,
  ) =>
    connectorAt("lever", await answers({ [path]: JSON.stringify(jobs) })).poll(
      brindlewick,
      cursor,
      never,
    );

  test("gives what is new and what is revised, oldest first, and only those", async () => {
    const before = [job("3", "C"), job("2", "B"), job("1", "A")];
    const { items, cursor } = await lookAt(before, null);
    expect(idsOf(items)).toEqual(["1", "2", "3"]);
    const after = [
      job("4", "D"),
      job("3", "C"),
      job("2", "B", "<p>As it is now.</p>"),
      job("1", "A, in Leeds"),
    ];
    const later = await lookAt(after, cursor);
    expect(idsOf(later.items)).toEqual(["1", "2", "4"]);
    const [first] = items;
    expect(later.items[0]?.itemId).toBe(first?.itemId);
    expect(later.items[0]?.revision).not.toBe(first?.revision);
    expect((await lookAt(after, later.cursor)).items).toEqual([]);
  });

  test("gives nothing for other markup around the same words", async () => {
    const { cursor } = await lookAt([job("1", "A", "<p>Same words</p>")], null);
    const later = [job("1", "A", "<div><b>Same</b> words</div>")];
    expect((await lookAt(later, cursor)).items).toEqual([]);
  });

  test("gives nothing for a posting that closes, nor when a short list is whole again", async () => {
    const all = [job("1", "A"), job("2", "B"), job("3", "C")];
    const { cursor } = await lookAt(all, null);
    const short = await lookAt([job("2", "B")], cursor);
    const empty = await lookAt([], short.cursor);
    const whole = await lookAt(all, empty.cursor);
    for (const { items } of [short, empty, whole]) expect(items).toEqual([]);
  });

  test("is looked at although one of its postings cannot be read", async () => {
    const broken = { ...job("2", "B"), hostedUrl: "soon" };
    const { items } = await lookAt([job("1", "A"), broken], null);
    expect(idsOf(items)).toEqual(["1"]);
    const error = await errorOf(lookAt([broken], null));
    expect(error).toBeInstanceOf(PermanentError);
    expect(String(error)).toContain("Lever");
  });

  test("is found changed although it was asked whether it has", async () => {
    let version = 1;
    const jobs = [job("1", "A")];
    const base = await serving((request, response) => {
      const etag = `"v${version}"`;
      const isSame = request.headers["if-none-match"] === etag;
      response.writeHead(isSame ? 304 : 200, { etag });
      response.end(isSame ? "" : JSON.stringify(jobs));
    });
    const connector = connectorAt("lever", base);
    const first = await connector.poll(brindlewick, null, never);
    jobs.push(job("2", "B"));
    expect(
      (await connector.poll(brindlewick, first.cursor, never)).items,
    ).toEqual([]);
    version = 2;
    const second = await connector.poll(brindlewick, first.cursor, never);
    expect(idsOf(second.items)).toEqual(["2"]);
    expect(second.cursor["etag"]).toBe('"v2"');
  });
});

describe("a board of thousands of postings", () => {
  const path = "/api.ashbyhq.com/posting-api/job-board/quillmere";
  const jobs = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => ({
      id: String(from + i),
      title: `Job ${from + i}`,
      jobUrl: `https://jobs.ashbyhq.com/quillmere/${from + i}`,
      publishedAt: new Date(Date.UTC(2026, 0, 1, 0, from + i)).toISOString(),
      descriptionHtml: "<p>Work.</p>",
    }));
  const lookAt = async (
    listed: readonly object[],
    cursor: Readonly<Record<string, string>> | null,
  ) =>
    connectorAt(
      "ashby",
      await answers({ [path]: JSON.stringify({ jobs: listed }) }),
    ).poll(quillmere, cursor, never);

  test("has a small cursor, and gives what is new and nothing that is old", async () => {
    const most = watchedPostings + 500;
    const { items, cursor } = await lookAt(jobs(0, most), null);
    expect(idsOf(items)).toEqual([
      String(most - 3),
      String(most - 2),
      String(most - 1),
    ]);
    expect(JSON.stringify(cursor).length).toBeLessThan(30_000);
    // A hundred close, so that as many older ones come into view; two are new.
    const after = [...jobs(0, most - 100), ...jobs(most, most + 2)];
    const later = await lookAt(after, cursor);
    expect(idsOf(later.items)).toEqual([String(most), String(most + 1)]);
    expect((await lookAt(after, later.cursor)).items).toEqual([]);
    // Another thousands take their place, and those that closed are forgotten.
    const renewed = await lookAt(jobs(2 * most, 3 * most), later.cursor);
    expect(renewed.items).toHaveLength(watchedPostings);
    expect(JSON.stringify(renewed.cursor).length).toBeLessThan(30_000);
  });
});

describe("a company at SmartRecruiters", () => {
  const path = "/api.smartrecruiters.com/v1/companies/SaltmarshEnergy/postings";
  const all = Array.from({ length: 230 }, (_, i) => ({
    id: `7440001${i}`,
    name: `Job ${i}`,
    releasedDate: new Date(Date.UTC(2026, 6, 1) - i * 3_600_000).toISOString(),
    company: { name: "Saltmarsh Energy" },
  }));
  const paging = (postings: readonly object[], asked: string[]) =>
    serving((request, response) => {
      const { pathname, searchParams } = new URL(
        request.url ?? "",
        "http://replay",
      );
      asked.push(searchParams.get("offset") ?? "");
      const offset = Number(searchParams.get("offset"));
      const limit = Math.min(100, Number(searchParams.get("limit")));
      const page = {
        offset,
        limit,
        totalFound: postings.length,
        content: postings.slice(offset, offset + limit),
      };
      response.writeHead(pathname === path ? 200 : 404, { etag: '"page"' });
      response.end(JSON.stringify(page));
    });

  test("is read page by page, and never taken for unchanged by its first", async () => {
    const asked: string[] = [];
    const first = await connectorAt(
      "smartrecruiters",
      await paging(all, asked),
    ).poll(saltmarsh, null, never);
    expect(asked).toEqual(["0", "100", "200"]);
    expect(idsOf(first.items)).toEqual(["74400012", "74400011", "74400010"]);
    expect(first.cursor["etag"]).toBeUndefined();
    const renamed = all.map((job, i) =>
      i === 229 ? { ...job, name: "B" } : job,
    );
    const second = await connectorAt(
      "smartrecruiters",
      await paging(renamed, asked),
    ).poll(saltmarsh, first.cursor, never);
    expect(idsOf(second.items)).toEqual(["7440001229"]);
  });

  test("is asked for no more pages than are watched", async () => {
    const asked: string[] = [];
    const many = Array.from({ length: watchedPostings + 250 }, (_, i) => ({
      ...all[0],
      id: String(i),
    }));
    await connectorAt("smartrecruiters", await paging(many, asked)).poll(
      saltmarsh,
      null,
      never,
    );
    expect(asked).toHaveLength(watchedPostings / 100);
  });
});

test("a bookmark of a Greenhouse board by its newest posting, as the first versions kept it, holds what is older", async () => {
  const path = "/boards-api.greenhouse.io/v1/boards/amplitude/jobs";
  const jobs = ["06-01", "06-02", "06-03", "06-04"].map((day, i) => ({
    id: i + 1,
    title: `Job ${i + 1}`,
    absolute_url: `https://x.example/${i + 1}`,
    updated_at: `2026-${day}T09:00:00-04:00`,
  }));
  const base = await answers({ [path]: JSON.stringify({ jobs }) });
  const connector = connectorAt("greenhouse", base);
  const before = { updatedAt: "2026-06-02T13:00:00.000Z", seen: "2" };
  const { items, cursor } = await connector.poll(amplitude, before, never);
  expect(idsOf(items)).toEqual(["2", "3", "4"]);
  const again = await connector.poll(amplitude, cursor, never);
  expect(again).toEqual({ items: [], cursor });
});

function idsOf(items: readonly SourceItem[]) {
  return items.map(({ facts }) => facts["jobId"]);
}
