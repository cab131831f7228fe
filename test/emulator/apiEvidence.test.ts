import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { toReceipt } from "../../functions/src/domain/cards/claims.ts";
import { sha256 } from "../../functions/src/domain/kernel/hash.ts";
import {
  aCase,
  bodyOf,
  openApi,
  problemOf,
  sharedApi,
} from "../support/api.ts";

const api = await sharedApi();

/** A card of its own in the database. */
async function put(id: string, changes: Parameters<typeof aCase>[2] = {}) {
  const card = aCase(id, api.clock.now(), changes);
  await api.write(card.writes);
  return card;
}

describe("evidence", () => {
  const List = z.object({
    items: z.array(
      z.object({
        verified: z.boolean(),
        before: z.string().nullable(),
        after: z.string().nullable(),
        source: z
          .object({ quote: z.string(), publishedAt: z.string() })
          .nullable(),
      }),
    ),
  });
  const read = async (path: string, requestId = "reading") =>
    bodyOf(
      await api.as("vera", `${path}/evidence`, {
        headers: { "X-Request-ID": requestId },
      }),
      200,
      List,
    ).items;

  it("is shown with its surroundings, checked anew, and each reading is audited", async () => {
    const { path, quote } = await put("proven");
    const [item] = await read(path, "reading-1");
    expect(item).toMatchObject({ verified: true, source: { quote } });
    expect(item?.before).toHaveLength(200);
    expect(item?.after).toMatch(/^ on March 3, 2026\./);
    await read(path, "reading-2");
    const readings = (await api.audit()).filter((e) =>
      e.traceId.startsWith("reading-"),
    );
    expect(readings).toHaveLength(2);
    expect(readings[0]).toMatchObject({
      action: "VIEW",
      actor: "vera",
      entity: { kind: "evidence", id: "proven" },
    });
  });

  it("is not shown where its reading cannot be audited", async () => {
    const { path } = await put("unaudited");
    const lone = await openApi({
      store: {
        ...api.deps.store,
        commit: () => Promise.reject(new Error("full")),
      },
    });
    const answer = await lone.as("vera", `${path}/evidence`);
    problemOf(answer, 500);
    expect(answer.text).not.toContain("Pat Doe");
    await lone.close();
  });

  it("counts as unverified once its snapshot is altered, torn or gone", async () => {
    const { path, snapshot } = await put("altered");
    const document = api.database.db.doc(snapshot.path);
    expect((await read(path))[0]?.verified).toBe(true);
    const forged = "Globex appointed nobody at all, as far as anybody knows.";
    await document.update({ gzip: gzipSync(forged.repeat(20)) });
    expect(await read(path)).toMatchObject([{ verified: false, before: null }]);
    await document.update({ gzip: Buffer.from("this is not gzip") });
    expect((await read(path))[0]?.verified).toBe(false);
    await document.delete();
    expect((await read(path))[0]?.verified).toBe(false);
  });

  it("counts as unverified once the quote is altered, or moved", async () => {
    const { path, ref } = await put("misquoted");
    const document = api.database.db.doc(`${ref.path}/evidence/quotes`);
    await document.update({ "quotes.e1.quote": "Globex appointed Eve" });
    expect(await read(path)).toMatchObject([{ verified: false, source: null }]);
    const moved = aCase("misquoted", api.clock.now()).opportunity.card
      .evidence[0];
    await document.update({
      "quotes.e1.quote": aCase("misquoted", api.clock.now()).quote,
      "quotes.e1.start": (moved?.start ?? 0) + 1,
      "quotes.e1.end": (moved?.end ?? 0) + 1,
    });
    expect((await read(path))[0]?.verified).toBe(false);
  });

  it("counts as unverified where card and evidence were altered alike, but the archive was not", async () => {
    const { path, ref, quote, opportunity } = await put("conspired");
    const forged = quote.replace("Pat Doe", "Eve Roe");
    const refs = opportunity.card.evidence.map((evidence) => {
      return { ...evidence, quoteHash: sha256(forged) };
    });
    await api.database.db.doc(ref.path).update({
      "card.evidence": refs,
      "card.receipt": toReceipt(opportunity.card.claims, refs),
    });
    const document = api.database.db.doc(`${ref.path}/evidence/quotes`);
    await document.update({
      "quotes.e1.quote": forged,
      "quotes.e1.quoteHash": sha256(forged),
    });
    expect((await read(path))[0]).toMatchObject({
      verified: false,
      source: { quote: forged },
    });
  });
});
