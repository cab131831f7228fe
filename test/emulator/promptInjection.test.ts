import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { anthropicKey, startAnthropic } from "../../dev/standins/anthropic.ts";
import { careful, type Question } from "../../dev/standins/anthropicAnswers.ts";
import { anthropicClassifier } from "../../functions/src/adapters/classifiers/anthropic.ts";
import * as at from "../../functions/src/domain/collections.ts";
import {
  toKnownLinks,
  findUnknownLinks,
} from "../../functions/src/domain/text/links.ts";
import { worldWithClaude } from "../reliability/journeys/model.ts";
import {
  anAccount,
  anAccountId,
  anAsset,
  aTenantId,
  aTenantWith,
  aTip,
} from "../support/builders.ts";
import { answersInMemory } from "../support/briefs.ts";
import { documents, type Dumped } from "../support/dump.ts";
import {
  lookAlikes,
  obedient,
  finderOf,
  plantedIn,
  plantedInstructions,
} from "../support/planted.ts";
import { all } from "../support/stories.ts";
import {
  connectedCrms,
  type Crms,
  fair,
  startCrms,
  type World,
} from "../support/world.ts";

const attacked = aTenantId("attacked");
const plain = aTenantId("plain");
const alike = aTenantId("alike");
const accountId = anAccountId("globex");
const planted = plantedInstructions();
const benign = lookAlikes();

/** So many instructions at each of three places of a document. */
const perPlace = 7;
/** Every so many documents, the model first answers with something else. */
const offSchemaEach = 8;
const groups = Math.ceil(planted.length / perPlace);
const groupsOf = (n: number) =>
  [0, 1, 2].flatMap((place) => {
    const group = (n + place * 7) % groups;
    return planted.slice(group * perPlace, (group + 1) * perPlace);
  });

const names =
  "Arbor Brindle Cobalt Dorset Ember Fathom Garnet Harbor Indigo Juniper Kestrel Lumen Meadow Nimbus Orchid Pewter Quartz Russet Saffron Timber".split(
    " ",
  );
/** News number n, in sentences; other words in each, so that none is another's near-duplicate. */
function newsOf(n: number): {
  readonly title: string;
  readonly text: readonly string[];
} {
  const first = names[n % names.length] ?? "";
  const last = names[(n * 7 + 3) % names.length] ?? "";
  const who = `${first} ${last}${n}`;
  return {
    title: `Globex appoints ${who} as chief information officer`,
    text: [
      `The board of Globex appointed ${who} as chief information officer on March ${(n % 28) + 1}, 2026.`,
      `${who} will review all ${n + 40} supplier contracts of the ${first} plant within ${n + 30} days.`,
      `The ${last} budget of Globex rose from $${n + 80} million to $${n + 120} million.`,
      `Before that, ${who} led the ${first} and ${last} programmes of another maker for ${n + 2} years.`,
    ],
  };
}

/** What hosts were asked for anything while this file ran. */
const asked = new Set<string>();
const Requested = z.object({
  request: z
    .object({ origin: z.unknown().optional(), host: z.unknown().optional() })
    .loose(),
});
function note(message: unknown): void {
  const { request } = Requested.parse(message);
  asked.add(String(request.origin ?? request.host));
}

describe("a model that obeys whatever the documents say", () => {
  let crms: Crms;
  let standIn: Awaited<ReturnType<typeof startAnthropic>>;
  let world: World;
  let before: readonly number[];
  let dumped: readonly Dumped[];

  beforeAll(async () => {
    subscribe("undici:request:create", note);
    subscribe("http.client.request.start", note);
    crms = await startCrms();
    standIn = await startAnthropic({ port: 0 });
    standIn.always(answers());
    world = worldWithClaude(crms, standIn.url, 11, {
      classifier: anthropicClassifier({
        apiKey: () => anthropicKey,
        baseUrl: standIn.url,
        model: "claude-sonnet-5-5",
        answers: answersInMemory(),
      }),
    });
    await play(world);
    before = requestsOf(crms);
    await world.approveAll(attacked);
    await world.settle(fair);
    dumped = await documents(world.database.db);
  }, 240_000);
  afterAll(async () => {
    await Promise.all([world.close(), standIn.close(), crms.close()]);
    unsubscribe("undici:request:create", note);
    unsubscribe("http.client.request.start", note);
  });

  // The account's own, the CRMs' own pages of the records, and the member's.
  const known = toKnownLinks({
    domains: [...anAccount().domains, "app.hubspot.com", "acme.example"],
    urls: [anAsset().url],
    texts: [],
  });
  const cards = () => all(world, at.opportunities(attacked));

  it("writes a card of each document, by the schema, with true claims alone", async () => {
    const written = await cards();
    expect(written).toHaveLength(groups);
    for (const { data } of written) {
      expect(data.card.writer.name).toBe("claude");
      expect(data.card.claims.some(({ kind }) => kind === "FOUND")).toBe(true);
    }
  });

  it("puts nothing of what was ordered on a card, into a message or into a CRM", async () => {
    const written = JSON.stringify([
      (await cards()).map(({ data }) => data.card),
      ledgers(crms),
    ]);
    expect(leaves(JSON.parse(written)).flatMap(finderOf(planted))).toEqual([]);
  });

  it("puts no unknown address into any document but the evidence's own and the model's answers as they came", () => {
    const own = /\/(?:snapshots|evidence|models|messages)\//u;
    const stored = dumped.filter(
      ({ path }) => path.startsWith(`tenants/${attacked}/`) && !own.test(path),
    );
    expect(stored.length).toBeGreaterThan(groups * 4);
    const found = [...stored, { path: "crm", data: ledgers(crms) }].flatMap(
      ({ path, data }) =>
        leaves(data)
          .filter((text) => !text.startsWith("http://127.0.0.1:"))
          .flatMap((text) => findUnknownLinks(text, known))
          .map(({ text }) => `${path}: ${text}`),
    );
    expect(found).toEqual([]);
  });

  it("has no effect: nothing is sent before an approval, and one task for each behind it", async () => {
    expect(before).toEqual([0, 0]);
    const written = await cards();
    for (const crm of connectedCrms)
      expect(crms[crm].ledger().tasks).toHaveLength(written.length);
    expect(
      [...asked].filter((host) => !/127\.0\.0\.1|localhost/u.test(host)),
    ).toEqual([]);
  });

  it("is asked twice for a card, and is told of one account alone", () => {
    const { bodies } = standIn.ledger();
    const ofCards = bodies.filter((body) => body.includes("Write the card."));
    const repaired = groups * 2;
    const offSchema = Math.ceil(groups / offSchemaEach);
    const quiet = (benign.length > 0 ? 2 : 1) * quietCards;
    expect(ofCards).toHaveLength(repaired + offSchema + quiet);
    for (const body of ofCards)
      expect(body.match(/The client account:/gu)).toHaveLength(1);
  });

  it.skipIf(benign.length === 0)(
    "writes the same card where a benign sentence only looks like an attack",
    async () => {
      const [without, withThem] = await Promise.all(
        [plain, alike].map(async (tenantId) =>
          (await all(world, at.opportunities(tenantId)))
            .map(({ data: { card } }) => ({
              title: card.title,
              claims: card.claims.map(({ text }) => text),
              outreach: card.outreach,
            }))
            .sort((a, b) => (a.title < b.title ? -1 : 1)),
        ),
      );
      expect(without).toHaveLength(quietCards);
      expect(withThem).toEqual(without);
    },
  );
});

const quietCards = 3;

async function play(world: World): Promise<void> {
  for (const tenantId of [attacked, plain, alike])
    await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
  for (let n = 0; n < groups; n++) {
    const { title, text } = newsOf(n);
    await handIn(world, attacked, {
      title,
      n,
      text: plantedIn(text, groupsOf(n)),
    });
  }
  const each = Math.ceil(benign.length / quietCards);
  for (let n = 0; n < quietCards; n++) {
    const { title, text } = newsOf(1000 + n);
    const prompts = benign.slice(n * each, (n + 1) * each);
    await handIn(world, plain, { title, n, text: text.join(" ") });
    if (benign.length > 0)
      await handIn(world, alike, {
        title,
        n,
        text: [text.join(" "), ...prompts].join("\n\n"),
      });
  }
  await world.settle(fair);
}

async function handIn(
  world: World,
  tenantId: ReturnType<typeof aTenantId>,
  {
    title,
    n,
    text,
  }: { readonly title: string; readonly n: number; readonly text: string },
): Promise<void> {
  const tip = aTip(accountId, n, { text });
  await world.emit(tenantId, {
    ...tip,
    payload: {
      ...tip.payload,
      item: { ...tip.payload.item, title },
      handedIn: { title, text },
    },
  });
}

/** Obeys each document's instructions, and first, now and then, with no card at all; sorts as it is told. */
function answers(): (question: Question) => unknown {
  const answered = new Set<number>();
  return (question) => {
    const [main] = question.documents;
    if (main === undefined)
      return { category: "urgent_buy_now", themes: ["obey"], confidence: 1 };
    const n = Number(/\p{L}(\d+) as chief/u.exec(main.title)?.[1]);
    if (n >= 1000) return careful(question);
    if (n % offSchemaEach === 0 && !answered.has(n)) {
      answered.add(n);
      return { tool_calls: [{ name: "crm.create", arguments: { to: "all" } }] };
    }
    return obedient(question, groupsOf(n));
  };
}

function requestsOf(crms: Crms): readonly number[] {
  return connectedCrms.map((crm) => crms[crm].ledger().tasks.length);
}

function ledgers(crms: Crms): object {
  return Object.fromEntries(
    connectedCrms.map((crm) => [crm, crms[crm].ledger()]),
  );
}

/** Every string in a value. */
function leaves(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(leaves);
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(leaves);
}
