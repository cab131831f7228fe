import { z } from "zod";
import type { CrmReceipt, CrmTask } from "../../domain/crm/activation.ts";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import { minuteMs, secondMs } from "../../domain/kernel/instant.ts";
import type { Crm } from "../../ports/crm.ts";
import { count, defineCrm, isLocal, text } from "../definition.ts";
import { unlessAborted } from "../web/failures.ts";
import {
  accountInfoPath,
  type HubspotAnswer,
  hubspotApi,
  hubspotApiVersion,
  type HubspotRequest,
  objectsPath,
  once,
  toRefusal,
  parseAnswer,
} from "./parts/hubspotApi.ts";

export const hubspotDefinition = defineCrm({
  name: "hubspot",
  settings: {
    baseUrl: text("HUBSPOT_BASE_URL", "https://api.hubapi.com"),
    apiVersion: hubspotApiVersion,
    requestsPerTenSeconds: count("HUBSPOT_REQUESTS_PER_TEN_SECONDS", 100),
  },
  secrets: { accessToken: "HUBSPOT_ACCESS_TOKEN" },
  tenant: text("HUBSPOT_TENANT"),
  address: ({ baseUrl }) => baseUrl,
  check: (_settings, tenant) =>
    tenant.trim() === ""
      ? [
          // The token is a secret, which is not read here.
          "HUBSPOT_TENANT is not set: no card is written to HubSpot. If HUBSPOT_ACCESS_TOKEN is one of a real account, set it to the id of the tenant whose HubSpot it is.",
        ]
      : [],
  build: ({ settings, secrets }) =>
    hubspot({
      baseUrl: settings.baseUrl,
      accessToken: secrets.accessToken(),
      apiVersion: settings.apiVersion,
      requestsPerTenSeconds: settings.requestsPerTenSeconds,
      // A stand-in shows its records itself; HubSpot's own are on its site.
      ...(isLocal(settings.baseUrl) ? { appUrl: settings.baseUrl } : {}),
    }),
});

interface Settings {
  readonly baseUrl: string;
  readonly accessToken: string;
  /** Where people open HubSpot; asked of the account where absent. */
  readonly appUrl?: string;
  /** The version in every path; `2026-09` where absent. */
  readonly apiVersion?: string;
  /** What the account allows one app or service key in ten seconds (API usage guidelines: 100 on Free and Starter, 190 above); 100 where absent. */
  readonly requestsPerTenSeconds?: number;
  /** The custom property of tasks and notes that holds our key; made with `hasUniqueValue` where the account allows that. */
  readonly keyProperty?: string;
}

type Kind = "tasks" | "notes";

/** A record that is to be there, under the key of its task. */
interface Wanted {
  readonly kind: Kind;
  readonly task: CrmTask;
  readonly properties: Readonly<Record<string, string>>;
}
interface Ensured {
  readonly id: string;
  readonly created: boolean;
  /** Further records with the same key. */
  readonly duplicates: readonly string[];
}

/** One HubSpot account, and what was learnt of it. */
interface Portal {
  readonly ask: (
    request: HubspotRequest,
    abortSignal: AbortSignal,
  ) => Promise<HubspotAnswer>;
  readonly apiVersion: string;
  readonly keyProperty: string;
  /** Kinds whose key property was seen not to be unique. */
  readonly shared: Set<Kind>;
  /** Kinds whose key property was seen to be unique: of those a second record is refused. */
  readonly unique: Set<Kind>;
}

/** For one task with its note, where neither is there from an earlier try. */
const requestsPerTask = 2;

/** How long a new record may stay out of HubSpot's search, generously: its guide says "a few moments". */
const searchLagMs = 2 * minuteMs;

/** How long a write waits for where its link leads to. */
const accountTimeoutMs = 10 * secondMs;

/** HubSpot's own kinds of link from a task or note to a company (Associations API, association type ids). */
const companyLinks = { tasks: 192, notes: 190 } as const;

const Account = z.object({ portalId: z.int(), uiDomain: z.string().min(1) });
const Found = z.object({ id: z.string().min(1) });
const Results = z.object({
  results: z.array(
    Found.extend({
      properties: z.record(z.string(), z.string().nullable()),
    }),
  ),
});

/**
 * Writes a task and a note beside it to one HubSpot account, both under our key in a property. Where HubSpot keeps that
 * property unique, a second try is refused and finds them. Where it does not, only a try that follows another looks
 * first, by HubSpot's search, and waits once until that shows what the other may have written; the caller holds a lease.
 * What people have changed since is left alone. Both are linked to the company where it is known.
 */
export function hubspot(settings: Settings): Crm {
  const {
    keyProperty = "clientpulse_key",
    requestsPerTenSeconds = 100,
    apiVersion = "2026-09",
  } = settings;
  const portal: Portal = {
    ask: hubspotApi({ ...settings, apiVersion }),
    apiVersion,
    keyProperty,
    shared: new Set(),
    unique: new Set(),
  };
  const homes = once(async () => fetchHome(settings.appUrl, portal));
  return {
    name: "hubspot",
    pace: {
      key: "hubspot",
      everyMs: (requestsPerTask * 10 * secondMs) / requestsPerTenSeconds,
    },
    upsertTask: async (task, abortSignal): Promise<CrmReceipt> => {
      const home = await unlessAborted(abortSignal, homes).catch(
        (error: unknown) => {
          if (abortSignal.aborted || isRefusedToken(error)) throw error;
          // A link is worth less than the write that it would hold up.
          return frontDoor(settings.appUrl);
        },
      );
      const written = await ensure(wantedTask(task), portal, abortSignal);
      // The note comes last: without its task none was written. Where the key is unique, a second one is refused.
      const again =
        task.again && !written.created && !portal.unique.has("notes");
      const wanted = wantedNote({ ...task, again });
      const note = await ensure(wanted, portal, abortSignal);
      return {
        recordId: written.id,
        link: home(written.id),
        created: written.created,
        duplicates: [...written.duplicates, ...note.duplicates],
      };
    },
  };
}

function wantedTask(task: CrmTask): Wanted {
  return {
    kind: "tasks",
    task,
    properties: {
      hs_task_subject: task.subject,
      hs_task_body: toHtml(task.body),
      hs_task_priority: task.priority,
      hs_task_status: "NOT_STARTED",
      hs_task_type: "TODO",
      hs_timestamp: task.dueAt.toISOString(),
    },
  };
}

function wantedNote(task: CrmTask): Wanted {
  return {
    kind: "notes",
    task,
    properties: {
      hs_note_body: `<p>${toHtml(task.subject)}</p>${toHtml(task.body)}`,
      hs_timestamp: new Date().toISOString(),
    },
  };
}

/** Creates the record with its link, in one request; refused, it may be there from an earlier try. After one it is looked for first, or what a busy HubSpot takes would be spent on refusals. */
async function ensure(
  wanted: Wanted,
  portal: Portal,
  abortSignal: AbortSignal,
): Promise<Ensured> {
  const { kind, task } = wanted;
  const known = task.again ? await find(wanted, portal, abortSignal) : [];
  if (known[0] !== undefined) return toExisting(known);
  if (task.again && portal.shared.has(kind)) waitForSearch(task);
  try {
    const id = await create(wanted, portal, abortSignal);
    return { id, created: true, duplicates: [] };
  } catch (error) {
    if (!(error instanceof PermanentError) || error.code === "vendor-auth")
      throw error;
    const there = await find(wanted, portal, abortSignal).catch(
      (failure: unknown) => {
        throw failure instanceof PermanentError ? error : failure;
      },
    );
    if (there[0] === undefined) throw error;
    return toExisting(there);
  }
}

async function create(
  { kind, task, properties }: Wanted,
  { ask, apiVersion, keyProperty }: Portal,
  abortSignal: AbortSignal,
): Promise<string> {
  const { externalId: key, crmAccountId: company } = task;
  const answer = await ask(
    {
      method: "POST",
      path: objectsPath(apiVersion, kind),
      body: {
        properties: { ...properties, [keyProperty]: key },
        associations: company === null ? [] : [companyLink(kind, company)],
      },
    },
    abortSignal,
  );
  if (answer.status >= 300) throw toRefusal(answer);
  return parseAnswer(Found, answer.body).id;
}

/** The records with the key of this one, the oldest first. */
async function find(
  wanted: Wanted,
  portal: Portal,
  abortSignal: AbortSignal,
): Promise<readonly string[]> {
  const { kind, task } = wanted;
  const { ask, apiVersion, keyProperty, shared, unique } = portal;
  if (shared.has(kind)) return search(wanted, portal, abortSignal);
  const answer = await ask(
    {
      method: "GET",
      path: `${objectsPath(apiVersion, kind)}/${encodeURIComponent(task.externalId)}`,
      query: { idProperty: keyProperty },
    },
    abortSignal,
  );
  if (answer.status === 404 || answer.status < 300) unique.add(kind);
  if (answer.status === 404) return [];
  // It reads records by properties alone that it keeps unique.
  if (answer.status === 400) {
    shared.add(kind);
    return search(wanted, portal, abortSignal);
  }
  if (answer.status >= 300) throw toRefusal(answer);
  return [parseAnswer(Found, answer.body).id];
}

async function search(
  { kind, task: { externalId: key } }: Wanted,
  { ask, apiVersion, keyProperty }: Portal,
  abortSignal: AbortSignal,
): Promise<readonly string[]> {
  const filter = { propertyName: keyProperty, operator: "EQ", value: key };
  const answer = await ask(
    {
      method: "POST",
      path: `${objectsPath(apiVersion, kind)}/search`,
      body: {
        filterGroups: [{ filters: [filter] }],
        sorts: [{ propertyName: "hs_createdate", direction: "ASCENDING" }],
        properties: [keyProperty],
        limit: 10,
      },
    },
    abortSignal,
  );
  if (answer.status >= 300) throw toRefusal(answer);
  return parseAnswer(Results, answer.body)
    .results.filter(({ properties }) => properties[keyProperty] === key)
    .map(({ id }) => id);
}

function toExisting([id = "", ...duplicates]: readonly string[]): Ensured {
  return { id, created: false, duplicates };
}

/** Throws until the search shows what the try before may have written: what it does not show then, was not written. */
function waitForSearch({ msSinceLastTry }: CrmTask): void {
  if (msSinceLastTry !== null && msSinceLastTry >= searchLagMs) return;
  throw new RetryableError(
    "vendor-busy",
    "HubSpot's search may not show yet what the last try has written.",
    { retryAfterMs: searchLagMs },
  );
}

function companyLink(kind: Kind, company: string) {
  const associationTypeId = companyLinks[kind];
  return {
    to: { id: company },
    types: [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId }],
  };
}

/** Where a task's link leads to while its account is not known: HubSpot's start page. */
function frontDoor(appUrl: string | undefined): (taskId: string) => string {
  return () => appUrl ?? "https://app.hubspot.com";
}

function isRefusedToken(error: unknown): boolean {
  return error instanceof PermanentError && error.code === "vendor-auth";
}

/** Where a task is opened, by its id; without the scope for account information, HubSpot's front door. */
async function fetchHome(
  appUrl: string | undefined,
  { ask, apiVersion }: Portal,
): Promise<(taskId: string) => string> {
  const answer = await ask(
    { method: "GET", path: accountInfoPath(apiVersion) },
    AbortSignal.timeout(accountTimeoutMs),
  );
  if (answer.status === 403 || answer.status === 404) return frontDoor(appUrl);
  if (answer.status >= 300) throw toRefusal(answer);
  const { portalId, uiDomain } = parseAnswer(Account, answer.body);
  const app = appUrl ?? `https://${uiDomain}`;
  return (taskId) => `${app}/contacts/${portalId}/record/0-27/${taskId}`;
}

/** Plain text as the HTML that HubSpot shows in bodies. */
function toHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "<br>");
}
