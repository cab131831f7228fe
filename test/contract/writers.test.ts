import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anthropicKey, startAnthropic } from "../../dev/standins/anthropic.ts";
import { anthropicWriter } from "../../functions/src/adapters/writers/anthropic.ts";
import { extractiveWriter } from "../../functions/src/adapters/writers/extractive.ts";
import { findFault } from "../../functions/src/domain/cards/claims.ts";
import type { Draft, Writer } from "../../functions/src/ports/writing.ts";
import {
  aBrief,
  anArticle,
  answersInMemory,
  aSource,
} from "../support/briefs.ts";
import { errorOf, never } from "../support/sources.ts";

let standIn: Awaited<ReturnType<typeof startAnthropic>>;
beforeAll(async () => void (standIn = await startAnthropic({ port: 0 })));
afterAll(() => standIn.close());

const writers: readonly {
  readonly name: string;
  readonly make: () => Writer;
}[] = [
  { name: "extractive", make: extractiveWriter },
  {
    name: "claude",
    make: () =>
      anthropicWriter({
        apiKey: () => anthropicKey,
        baseUrl: standIn.url,
        model: "claude-sonnet-5-5",
        answers: answersInMemory(),
      }),
  },
];

const second =
  "Globex opened a plant in Springfield on May 4, 2026, its third in two years. It employs 300 people there.";
const brief = aBrief({ signals: [aSource(), aSource(second)] });
const textOf = new Map(brief.signals.map(({ id, text }) => [id, text]));

describe.each(writers)("$name", ({ name, make }) => {
  it("is named on the card", () => {
    const { name: own, model } = make();
    expect(own).toBe(name);
    expect(model).toBe(name === "extractive" ? null : "claude-sonnet-5-5");
  });

  it("quotes what stands at the offsets it gives, letter by letter", async () => {
    const { quotes } = await make().draft(brief, never);
    expect(quotes.length).toBeGreaterThan(1);
    for (const { signalId, quote, start, end } of quotes)
      expect(textOf.get(signalId)?.slice(start, end)).toBe(quote);
  });

  it("makes claims that the verifier lets stand, each on a quote or a claim of the draft", async () => {
    const { claims, quotes } = await make().draft(brief, never);
    const ids = claims.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(claims.map(({ kind }) => kind)).toContain("FOUND");
    for (const claim of claims) {
      if (claim.kind === "INFERRED")
        expect(ids).toEqual(expect.arrayContaining([...claim.basis]));
      if (claim.kind !== "FOUND") continue;
      const quote = quotes.find(({ id }) => id === claim.evidenceId);
      const text = quote === undefined ? "" : textOf.get(quote.signalId);
      expect(findFault(claim, quote, text ?? "")).toBeNull();
    }
  });

  it("writes the same draft twice of the same evidence", async () => {
    const writer = make();
    const drafts = [
      await writer.draft(brief, never),
      await writer.draft(brief, never),
      await make().draft(brief, never),
    ];
    expect(new Set(drafts.map((draft) => JSON.stringify(draft))).size).toBe(1);
  });

  it("keeps titles, claims and messages within what a card takes", async () => {
    const long = `${anArticle} `.repeat(400);
    const title = "Globex appoints ".repeat(31).trim();
    const draft = await make().draft(
      aBrief({ signals: [aSource(long, { title })] }),
      never,
    );
    expect(draft.title.length).toBeLessThanOrEqual(300);
    expect(draft.claims.length).toBeLessThanOrEqual(20);
    expect(draft.quotes.every(({ quote }) => quote.length <= 2000)).toBe(true);
    expect(draft.outreach.length).toBeLessThanOrEqual(5);
  });

  it("has messages where a playbook has templates, and none without one", async () => {
    const outreach = async (playbook: typeof brief.playbook) =>
      (await make().draft({ ...brief, playbook }, never)).outreach.length;
    expect(await outreach(brief.playbook)).toBe(1);
    expect(await outreach(null)).toBe(0);
  });

  it("refuses a brief without a signal", async () => {
    const draft = make().draft(aBrief({ signals: [] }), never);
    expect(await errorOf(draft)).toMatchObject({
      name: "PermanentError",
      code: "bad-card",
    });
  });

  it("gives up when its time is over, or has already written", async () => {
    standIn.next(name === "claude" ? "hang" : "careful");
    const over = new AbortController();
    const writing = make()
      .draft(brief, over.signal)
      .then((draft): Draft["title"] => draft.title)
      .catch((error: unknown) => error);
    over.abort();
    const came = await writing;
    if (name === "extractive") expect(came).toContain("Globex");
    else
      expect(came).toMatchObject({ name: "RetryableError", code: "timed-out" });
  });
});
