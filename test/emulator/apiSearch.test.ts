import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { RetryableError } from "../../functions/src/domain/kernel/errors.ts";
import { uuidFrom } from "../../functions/src/domain/kernel/hash.ts";
import { SignalId } from "../../functions/src/domain/kernel/ids.ts";
import { toAudience } from "../../functions/src/domain/people/roles.ts";
import { assetText } from "../../functions/src/pipeline/embed/points.ts";
import { create } from "../../functions/src/ports/store.ts";
import type { Point } from "../../functions/src/ports/vectors.ts";
import {
  aCase,
  acme,
  bodyOf,
  initech,
  problemOf,
  sharedApi,
} from "../support/api.ts";
import { anAsset } from "../support/builders.ts";

const api = await sharedApi();

const Hits = z.object({
  items: z.array(
    z.object({
      why: z.string(),
      score: z.number(),
      card: z.object({ id: z.string() }).optional(),
      asset: z.object({ id: z.string() }).optional(),
    }),
  ),
  degraded: z.boolean(),
});

const search = async (
  what: "opportunities" | "assets",
  q: string,
  person = "anna",
) => {
  const query = new URLSearchParams({ q });
  const path = `/api/v1/search/${what}?${query}`;
  return bodyOf(await api.as(person, path), 200, Hits);
};
const told = ({ items }: z.infer<typeof Hits>) =>
  items.map(({ why, card, asset }) => `${card?.id ?? asset?.id} ${why}`);

async function aPoint(
  of: string,
  text: string,
  more: Pick<Point, "kind" | "audience">,
): Promise<Point> {
  const signal = new AbortController().signal;
  const [vector = []] = await api.deps.embedder.embed([text], signal);
  const id = uuidFrom(of, text);
  return { id, vector, of, accountId: null, start: 0, end: 9, ...more };
}

const north = toAudience(["anna"], ["north"]);
const south = toAudience(["bob"], ["south"]);
const aboutShips = "Turbines for cargo ships are built at the new plant";
const now = api.clock.now();
const cases = [
  aCase("globex-card", now, {
    opportunity: { signalIds: [SignalId.parse("s1")] },
  }),
  aCase("initech-card", now, {
    opportunity: {
      accountId: initech,
      accountName: "Initech",
      audience: south,
      signalIds: [SignalId.parse("s2")],
    },
  }),
];
await api.write(cases.flatMap(({ writes }) => writes));
await api.write([
  create(at.asset(acme, "ships"), {
    ...anAsset(),
    title: "A yard for ships",
    summary: aboutShips,
  }),
  create(at.asset(acme, "retired"), {
    ...anAsset(),
    title: "An old yard",
    summary: aboutShips,
    active: false,
  }),
]);
await api.deps.vectors.upsert(acme, [
  await aPoint("s1", aboutShips, { kind: "signal", audience: north }),
  await aPoint("s1", "Globex has a new CIO", {
    kind: "signal",
    audience: north,
  }),
  // One that the index has not yet been told the new owners of.
  await aPoint("s2", `${aboutShips} and boats`, {
    kind: "signal",
    audience: north,
  }),
  await aPoint("s2", aboutShips, { kind: "signal", audience: south }),
  ...(await Promise.all(
    ["ships", "retired"].map((id) =>
      aPoint(id, assetText({ title: "A yard", summary: aboutShips }), {
        kind: "asset",
        audience: [],
      }),
    ),
  )),
]);

describe("a search for cards", () => {
  it("finds by the words of title and account", async () => {
    expect(told(await search("opportunities", "glob CIO"))).toEqual([
      "globex-card words",
    ]);
    expect(told(await search("opportunities", "Initech", "ada"))).toEqual([
      "initech-card words",
    ]);
    expect(told(await search("opportunities", "unheard"))).toEqual([]);
  });

  it("finds by what their signals are about, for those alone who see them", async () => {
    const q = "cargo ships turbines built";
    expect(told(await search("opportunities", q))).toEqual([
      "globex-card meaning",
    ]);
    expect(told(await search("opportunities", q, "lea"))).toEqual([
      "globex-card meaning",
    ]);
    expect(told(await search("opportunities", q, "bob"))).toEqual([
      "initech-card meaning",
    ]);
    expect(told(await search("opportunities", q, "vera")).sort()).toEqual([
      "globex-card meaning",
      "initech-card meaning",
    ]);
    const { items } = await search("opportunities", q);
    expect(items[0]?.score).toBeGreaterThan(0.35);
    expect(items[0]?.score).toBeLessThan(1);
  });

  it("asks the index for nothing that the caller may not see", async () => {
    const asked: unknown[] = [];
    const { vectors } = api.deps;
    const watched = api.another({
      vectors: {
        ...vectors,
        search: (tenantId, wanted) => {
          asked.push(wanted.audience);
          return vectors.search(tenantId, wanted);
        },
      },
    });
    for (const person of ["anna", "lea", "vera"])
      await watched.as(person, "/api/v1/search/opportunities?q=x");
    await watched.as("anna", "/api/v1/search/assets?q=x");
    expect(asked).toEqual([
      ["u:anna"],
      ["u:lea", "t:north"],
      undefined,
      undefined,
    ]);
  });

  it("shows a card once, the words before the meaning, as many as are asked for", async () => {
    expect(told(await search("opportunities", "Globex has a new CIO"))).toEqual(
      ["globex-card words"],
    );
    const path = "/api/v1/search/opportunities?q=new";
    const both = bodyOf(await api.as("ada", path), 200, Hits);
    expect(told(both).filter((one) => one.endsWith("words"))).toHaveLength(2);
    expect(new Set(told(both)).size).toBe(2);
    const one = bodyOf(await api.as("ada", `${path}&limit=1`), 200, Hits);
    expect(one.items).toHaveLength(1);
    problemOf(await api.as("ada", `${path}&limit=51`), 400);
    problemOf(await api.as("ada", "/api/v1/search/opportunities?q=%20"), 400);
  });

  it.each(["embedder", "vectors"] as const)(
    "goes on by words where the %s fails, and says so",
    async (port) => {
      const fail = () =>
        Promise.reject(new RetryableError("store-busy", "It is down."));
      const broken = api.another(
        port === "embedder"
          ? { embedder: { ...api.deps.embedder, embed: fail } }
          : { vectors: { ...api.deps.vectors, search: fail } },
      );
      const path = "/api/v1/search/opportunities?q=globex";
      const answer = bodyOf(await broken.as("anna", path), 200, Hits);
      expect(answer.degraded).toBe(true);
      expect(told(answer)).toEqual(["globex-card words"]);
      expect((await search("opportunities", "globex")).degraded).toBe(false);
    },
  );
});

describe("a search for assets", () => {
  it("finds what is in use, by words and by meaning", async () => {
    expect(told(await search("assets", "yard"))).toEqual(["ships words"]);
    expect(
      told(await search("assets", "building cargo ships turbines")),
    ).toEqual(["ships meaning"]);
  });
});
