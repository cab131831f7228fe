import { afterAll, expect } from "vitest";
import type { z } from "zod";
import { pdfPrinter } from "../../functions/src/adapters/documents/pdf.ts";
import { hashedEmbedder } from "../../functions/src/adapters/embedders/hashed.ts";
import { firestorePacer } from "../../functions/src/adapters/firestore/pacer/pacer.ts";
import { firestoreVectors } from "../../functions/src/adapters/firestore/vectors.ts";
import { annotator } from "../../functions/src/adapters/text/entities/annotator.ts";
import { reader } from "../../functions/src/adapters/text/reader.ts";
import { redactor } from "../../functions/src/adapters/text/redaction/redactor.ts";
import { extractiveWriter } from "../../functions/src/adapters/writers/extractive.ts";
import { type ApiDeps, createApi } from "../../functions/src/api/index.ts";
import { Problem } from "../../functions/src/api/http/problem.ts";
import { toRecord } from "../../functions/src/domain/kernel/records.ts";
import { CrmName } from "../../functions/src/domain/crm/activation.ts";
import {
  type AuditEntry,
  auditMonth,
} from "../../functions/src/domain/requests/audit.ts";
import { toReceipt } from "../../functions/src/domain/cards/claims.ts";
import * as at from "../../functions/src/domain/collections.ts";
import { withRecentReads } from "../../functions/src/delivery/recentReads.ts";
import type { Unstamped } from "../../functions/src/domain/kernel/document.ts";
import { sha256 } from "../../functions/src/domain/kernel/hash.ts";
import {
  OpportunityId,
  SignalId,
  type TenantId,
} from "../../functions/src/domain/kernel/ids.ts";
import { addMs, hourMs } from "../../functions/src/domain/kernel/instant.ts";
import { toInboxItem } from "../../functions/src/domain/cards/inbox.ts";
import { newMessage } from "../../functions/src/domain/messages/message.ts";
import type {
  Card,
  Opportunity,
} from "../../functions/src/domain/cards/opportunity.ts";
import {
  toAudience,
  type Member,
} from "../../functions/src/domain/people/roles.ts";
import { scoreCard } from "../../functions/src/domain/cards/scoring.ts";
import { tenantDefaults } from "../../functions/src/domain/tenants/tenant.ts";
import {
  create,
  type Read,
  type Write,
} from "../../functions/src/ports/store.ts";
import type { Crm } from "../../functions/src/ports/crm.ts";
import type { Ring } from "../../functions/src/ports/messaging.ts";
import { archive } from "../../functions/src/pipeline/snapshots.ts";
import {
  aMember,
  anAccount,
  anAccountId,
  aTenant,
  aTenantId,
  aTip,
  aUid,
} from "./builders.ts";
import { describedBy } from "./described.ts";
import { fakePeople } from "./people.ts";
import { openDatabase } from "./emulator.ts";
import { virtualClock } from "./virtualClock.ts";
import { publicUrl, webhookSecrets } from "./webhooks.ts";

export const acme = aTenantId("acme");
export const umbrella = aTenantId("umbrella");
export const globex = anAccountId("globex");
export const initech = anAccountId("initech");
export const webhookSecret = webhookSecrets.salesforce;

/** One person per role, a lead, a stranger to the account, and one who has left. */
export const people = {
  ada: { role: "ADMIN", teams: [] },
  anna: { role: "ACCOUNT_MANAGER", teams: ["north"] },
  lea: { role: "ACCOUNT_MANAGER", teams: ["north"], isLead: true },
  bob: { role: "ACCOUNT_MANAGER", teams: ["south"] },
  otto: { role: "OPERATIONS", teams: [] },
  vera: { role: "VIEWER", teams: [] },
  ina: { role: "ACCOUNT_MANAGER", teams: ["north"], active: false },
} as const satisfies Record<string, Partial<Unstamped<Member>>>;
export type Person = keyof typeof people;

/** Whether a uid is that of one of the people. */
export function isPerson(uid: string): uid is Person {
  return uid in people;
}

const tenantsByUid: Readonly<Record<string, readonly TenantId[]>> = {
  both: [acme, umbrella],
  none: [],
};

/** What a request is made of, besides its path. */
export interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer: its status, headers, and its body as JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
  readonly text: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The API that all tests of a file share: open from here on, closed behind the last of them. */
export async function sharedApi(
  overrides: Partial<ApiDeps> = {},
): Promise<TestApi> {
  const api = await openApi(overrides);
  afterAll(() => api.close());
  return api;
}

/** The API in this process over an empty database, with one tenant of people and two accounts. */
export async function openApi(overrides: Partial<ApiDeps> = {}) {
  const database = openDatabase();
  const clock = virtualClock();
  const rings: Ring[] = [];
  const lines: { severity: string; message: string; facts: object }[] = [];
  const embedder = hashedEmbedder();
  let ids = 0;
  const known = withRecentReads(database.store, clock);
  const deps: ApiDeps = {
    clock,
    chance: { id: () => `id-${ids++}`, jitter: () => 0.5 },
    ...known,
    doorbell: {
      ring: async (more) => void rings.push(...more),
      sweepAt: async () => undefined,
    },
    connectors: {},
    reader: reader(),
    redactor: redactor(),
    annotator: annotator(),
    classifier: null,
    embedder,
    vectors: firestoreVectors(database.db, embedder),
    writer: extractiveWriter(),
    fallbackWriter: extractiveWriter(),
    crms: toRecord(CrmName.options, noCrm),
    crmProvenance: toRecord(CrmName.options, () => "live"),
    crmOwners: toRecord(CrmName.options, () => ({ serves: "every" })),
    pacer: firestorePacer(database.db, clock),
    log: {
      write: (severity, message, facts) =>
        void lines.push({ severity, message, facts }),
    },
    identity: {
      verify: async (token) => {
        const uid = /^token-(\w+)$/.exec(token)?.[1];
        if (uid === undefined) return null;
        const tenants = tenantsByUid[uid] ?? [acme];
        const email = `${uid}@acme.example`;
        return { uid: aUid(uid), tenants, email, emailVerified: true };
      },
    },
    people: fakePeople(),
    printer: pdfPrinter(),
    unreadable: { below: database.unreadable },
    settings: {
      webhookSecrets: (tenant, sender) =>
        tenant === acme ? [webhookSecrets[sender]] : [],
      publicUrl,
      corsOrigins: ["https://console.example"],
      standIns: [
        {
          need: "writer",
          standIn: "the extractive writer",
          inProduction: "Claude",
        },
      ],
      version: "1.2.3",
      // The clock stands still here, and a test asks much of one person.
      readsPerMinute: 1_000_000,
      commandsPerMinute: 1_000_000,
    },
    ...overrides,
  };

  const write = async (writes: readonly Write[]) => {
    const done = await known.store.commit(writes, clock.now());
    if (done.kind === "conflict") throw new Error("Something exists already.");
  };
  await write([...aTenantOf(acme), ...aTenantOf(umbrella, ["both"])]);

  return {
    database,
    clock,
    deps,
    rings,
    lines,
    write,
    ...instanceOf(deps),
    /** One more instance of the API over the same database, with a memory of its own. */
    another: (more: Partial<ApiDeps> = {}) => instanceOf({ ...deps, ...more }),
    audit: async (
      tenantId: TenantId = acme,
    ): Promise<readonly AuditEntry[]> => {
      const reads = await database.store.query({
        collection: at.audit(tenantId, auditMonth(clock.now())),
        where: [],
        limit: 1000,
      });
      return reads.map(({ data }) => data);
    },
    close: () => database.close(),
  };
}
export type TestApi = Awaited<ReturnType<typeof openApi>>;

/** An instance of the API, and the ways to ask it; each answer is held to what its route says of itself. */
function instanceOf(deps: ApiDeps) {
  const app = createApi(deps);
  const described = describedBy(app);

  const send = async (path: string, ask: Ask = {}): Promise<Answer> => {
    const { body } = ask;
    const raw = typeof body === "string" || body instanceof Uint8Array;
    const method = ask.method ?? (body === undefined ? "GET" : "POST");
    const response = await app.request(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...ask.headers,
      },
      ...(body === undefined
        ? {}
        : {
            body: raw
              ? Uint8Array.from(Buffer.from(body))
              : JSON.stringify(body),
          }),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    const { status, headers } = response;
    const isJson = headers.get("content-type")?.includes("json") === true;
    const json: unknown = isJson ? JSON.parse(text) : null;
    described({ method, path, status, headers, json: isJson ? json : text });
    return { status, headers, json, text, bytes };
  };

  return {
    app,
    send,
    as: (person: string, path: string, ask: Ask = {}) =>
      send(path, {
        ...ask,
        headers: { Authorization: `Bearer token-${person}`, ...ask.headers },
      }),
  };
}

function noCrm(name: CrmName): Crm {
  return {
    name,
    pace: null,
    upsertTask: () => Promise.reject(new Error("The API writes to no CRM.")),
  };
}

/** A tenant with its members and its accounts. */
export function aTenantOf(
  tenantId: TenantId,
  members: readonly string[] = [...Object.keys(people), "both"],
): readonly Write[] {
  const member = (uid: string) =>
    create(
      at.member(tenantId, aUid(uid)),
      aMember({
        uid: aUid(uid),
        email: `${uid}@acme.example`,
        ...(isPerson(uid) ? people[uid] : { role: "OPERATIONS" }),
      }),
    );
  return [
    create(at.tenant(tenantId), aTenant()),
    ...members.map(member),
    create(at.account(tenantId, globex), anAccount()),
    create(
      at.account(tenantId, initech),
      anAccount({
        name: "Initech",
        owners: [aUid("bob")],
        teams: ["south"],
        identifiers: {},
      }),
    ),
  ];
}

const quote = "Globex appointed Pat Doe as chief information officer";
const text = `${"In the first week of March there was news. ".repeat(8)}${quote} on March 3, 2026. ${"The rest of the week was quiet. ".repeat(8)}`;

/** A card in review with one verified quote, its evidence, its snapshot and its line in the inbox, as the writes that make it. */
export function aCase(
  id: string,
  now: Date,
  changes: {
    readonly tenantId?: TenantId;
    readonly opportunity?: Partial<Unstamped<Opportunity>>;
  } = {},
) {
  const tenantId = changes.tenantId ?? acme;
  const opportunityId = OpportunityId.parse(id);
  const archived = archive(
    tenantId,
    { text: `${text} ${id}`, sections: [] },
    {
      url: "https://globex.example/news",
      licence: "CC0",
      fetchedAt: now,
    },
  );
  if (archived === null) throw new Error("The text is too large.");
  const start = text.indexOf(quote);
  const ref = {
    id: "e1",
    signalId: SignalId.parse("globex_1"),
    snapshotId: archived.id,
    start,
    end: start + quote.length,
    quoteHash: sha256(quote),
  };
  const card = aCardOn(ref, now);
  const opportunity: Unstamped<Opportunity> = {
    accountId: globex,
    accountName: "Globex",
    audience: toAudience(["anna"], ["north"]),
    provenance: "live",
    category: "leadership_change",
    sources: ["manual"],
    clusterId: id,
    signalIds: [ref.signalId],
    playbookId: null,
    card,
    state: {
      status: "in_review",
      dueAt: addMs(now, 24 * hourMs),
      escalatedAt: null,
    },
    version: 1,
    receivedAt: now,
    traceId: "trace-of-the-signal",
    ...changes.opportunity,
  };
  const evidence = {
    ...ref,
    quote,
    url: "https://globex.example/news",
    title: "Globex appoints",
    publisher: "Globex",
    publishedAt: now,
    fetchedAt: now,
    licence: "CC0",
    language: "en",
  };
  return {
    id: opportunityId,
    path: `/api/v1/opportunities/${id}`,
    ref: at.opportunity(tenantId, opportunityId),
    snapshot: at.snapshot(tenantId, archived.id),
    opportunity,
    quote,
    writes: [
      create(at.opportunity(tenantId, opportunityId), opportunity),
      create(at.inboxItem(tenantId, opportunityId), toInboxItem(opportunity)),
      create(at.cardEvidence(tenantId, opportunityId), {
        quotes: { [ref.id]: evidence },
      }),
      ...archived.writes,
    ] as readonly Write[],
  };
}

function aCardOn(ref: Card["evidence"][number], now: Date): Card {
  const claims: Card["claims"] = [
    { kind: "FOUND", id: "c1", text: quote, evidenceId: ref.id },
  ];
  return {
    title: "Globex has a new CIO",
    summary: "Pat Doe is to lead information technology at Globex.",
    claims,
    evidence: [ref],
    score: scoreCard({
      account: { icpFit: 0.8, owners: [], identifiers: {} },
      tenant: tenantDefaults,
      signals: [
        {
          category: "leadership_change",
          type: "tip",
          occurredAt: now,
          receivedAt: now,
          reliability: 0.75,
          publisher: "Globex",
          relevance: 0.94,
        },
      ],
      verifiedClaims: 1,
      claims: 1,
      hasPlaybook: false,
      assets: 0,
      now,
    }),
    playbook: null,
    assets: [],
    outreach: [{ channel: "email", subject: "Pat Doe", body: "Dear ..." }],
    writer: { name: "extractive", model: null },
    gaps: [],
    receipt: toReceipt(claims, [ref]),
  };
}

/** A message parked with a reason, as the write that makes it. */
export function aParked(n: number | string, parkedAt: Date) {
  const origin = { traceId: `trace-${n}`, runId: null, causedBy: null };
  const { id, data } = newMessage(aTip(globex, n), origin, parkedAt);
  const error = { code: "bad-answer", message: "It was poison.", at: parkedAt };
  const parked = {
    ...data,
    state: "parked",
    starts: 5,
    attempts: 5,
    error,
  } as const;
  return { id, write: create(at.message(acme, id), parked) };
}

/** The answer, held to be a problem of this status. */
export function problemOf(answer: Answer, status: number): Problem {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const problem = Problem.parse(answer.json);
  expect(problem.status).toBe(status);
  return problem;
}

/** The answer's JSON, held to be of this status and schema. */
export function bodyOf<S extends z.ZodType>(
  answer: Answer,
  status: number,
  schema: S,
): z.output<S> {
  expect(answer.status, answer.text).toBe(status);
  return schema.parse(answer.json);
}

/** A document that must be there. */
export function present<T>(read: Read<T> | null): Read<T> {
  if (read === null) throw new Error("The document is not there.");
  return read;
}
