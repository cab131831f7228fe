import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { CommentId } from "../../functions/src/domain/kernel/ids.ts";
import { secondMs } from "../../functions/src/domain/kernel/instant.ts";
import {
  aCase,
  acme,
  bodyOf,
  present,
  problemOf,
  sharedApi,
} from "../support/api.ts";

const api = await sharedApi();

/** A card of its own in the database. */
async function put(id: string) {
  const card = aCase(id, api.clock.now());
  await api.write(card.writes);
  return card;
}
type Put = Awaited<ReturnType<typeof put>>;

const Said = z.strictObject({
  id: CommentId,
  at: z.iso.datetime(),
  by: z.string(),
  text: z.string(),
  mentions: z.array(z.string()),
  deletedAt: z.iso.datetime().nullable(),
});
const Page = z.strictObject({
  items: z.array(Said),
  nextCursor: z.string().nullable(),
  unreadable: z.literal(0),
});

const say = ({ path }: Put, body: object, person = "anna") =>
  api.as(person, `${path}/comments`, { body });
const said = async (card: Put, body: object, person = "anna") =>
  bodyOf(await say(card, body, person), 201, Said);
const read = async ({ path }: Put, query = "", person = "vera") =>
  bodyOf(await api.as(person, `${path}/comments${query}`), 200, Page);
const remove = ({ path }: Put, id: string, person: string) =>
  api.as(person, `${path}/comments/${id}`, { method: "DELETE" });

describe("a comment", () => {
  it("is kept redacted beside its card, with whom it names, and audited without its text", async () => {
    const card = await put("spoken");
    const text = "  Ask pat.doe@globex.example \ud800 first.  ";
    const comment = await said(card, { text, mentions: ["lea", "ada", "lea"] });
    expect(comment).toMatchObject({
      by: "anna",
      at: api.clock.now().toISOString(),
      text: "Ask [email] \ufffd first.",
      mentions: ["lea", "ada"],
      deletedAt: null,
    });
    const ref = at.comment(acme, card.id, comment.id);
    expect(present(await api.deps.store.read(ref)).data).toMatchObject({
      by: "anna",
      text: "Ask [email] \ufffd first.",
    });
    const entry = (await api.audit()).find((e) => e.entity.id === comment.id);
    expect(entry).toMatchObject({
      action: "CREATE",
      actor: "anna",
      entity: { kind: "comment" },
      after: { opportunityId: "spoken", mentions: ["lea", "ada"] },
    });
    expect(JSON.stringify(entry)).not.toContain("Ask");
    expect((await api.deps.store.read(card.ref))?.data.version).toBe(1);
  });

  it("has a text of 1 to 4000 characters, and names at most 20 active members who see the card", async () => {
    const card = await put("strict");
    const fieldOf = async (body: object) =>
      problemOf(await say(card, body), 400).errors?.map(({ field }) => field);
    const text = "Look.";
    for (const odd of ["", "   ", "x".repeat(4001), 7])
      expect(await fieldOf({ text: odd })).toEqual(["text"]);
    const many = Array.from({ length: 21 }, () => "lea");
    expect(await fieldOf({ text, mentions: many })).toEqual(["mentions"]);
    // Of another team, gone, and nobody.
    for (const uid of ["bob", "ina", "nobody"])
      expect(await fieldOf({ text, mentions: ["lea", uid] })).toEqual([
        "mentions.1",
      ]);
    expect((await read(card)).items).toEqual([]);
    await said(card, { text: "a@b.co ".repeat(571), mentions: ["otto"] });
  });

  it("is listed to whoever sees the card, the newest first, page by page", async () => {
    const card = await put("listed");
    for (let n = 0; n < 7; n++) {
      // Some are of one moment: the id tells them apart.
      if (n % 2 === 0) api.clock.advance(secondMs);
      await said(card, { text: `${n}` }, n % 2 === 0 ? "anna" : "otto");
    }
    const seen: z.infer<typeof Said>[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const next: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const page = await read(card, `?limit=3${next}`);
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(7);
    expect(seen).toHaveLength(7);
    const moments = seen.map((comment) => comment.at);
    expect(moments).toEqual(moments.toSorted().toReversed());
    problemOf(await api.as("anna", `${card.path}/comments?cursor=x`), 400);
  });

  it("is deleted by who wrote it or an administrator, once; its place stays", async () => {
    const card = await put("regretted");
    const { id } = await said(card, { text: "Sorry.", mentions: ["lea"] });
    problemOf(await remove(card, id, "lea"), 403);
    api.clock.advance(secondMs);
    const left = bodyOf(await remove(card, id, "anna"), 200, Said);
    const deletedAt = api.clock.now().toISOString();
    expect(left).toMatchObject({ id, text: "", mentions: [], deletedAt });
    api.clock.advance(secondMs);
    const again = bodyOf(await remove(card, id, "anna"), 200, Said);
    expect(again).toEqual(left);
    expect((await read(card)).items).toEqual([left]);
    const entries = (await api.audit()).filter((e) => e.entity.id === id);
    expect(entries.map(({ action }) => action).toSorted()).toEqual([
      "CREATE",
      "DELETE",
    ]);

    const other = await said(card, { text: "Not mine." });
    expect((await remove(card, other.id, "ada")).status).toBe(200);
    problemOf(await remove(card, "none", "ada"), 404);
  });

  it("is nobody's to write who only looks, and looks to strangers as if the card were not there", async () => {
    const card = await put("guarded");
    const { id } = await said(card, { text: "Between us." }, "otto");
    problemOf(await say(card, { text: "Me too." }, "vera"), 403);
    problemOf(await remove(card, id, "vera"), 403);
    problemOf(await say(card, { text: "Me too." }, "bob"), 404);
    problemOf(await remove(card, id, "bob"), 404);
    problemOf(await api.as("bob", `${card.path}/comments`), 404);
    expect((await read(card)).items).toHaveLength(1);
  });
});
