import { z } from "zod";
import type { CrmReceipt, CrmTask } from "../../domain/crm/activation.ts";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import { minuteMs, secondMs } from "../../domain/kernel/instant.ts";
import type { Crm } from "../../ports/crm.ts";
import { unlessAborted } from "../web/failures.ts";
import {
  accountInfoPath,
  type HubspotAnswer,
  hubspotApi,
  type HubspotRequest,
  objectsPath,
  once,
  refusalOf,
  understood,
} from "./parts/hubspotApi.ts";

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
interface Wanted {
  readonly task: CrmTask;
  readonly properties: Readonly<Record<string, string>>;
}
interface Ensured {
  readonly id: string;
  readonly created: boolean;
  /** Further records with the same key. */
  readonly duplicates: readonly string[];
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
  const ask = hubspotApi({ ...settings, apiVersion });
  const homes = once(async () => homeOf(settings.appUrl, apiVersion, ask));
  /** Kinds whose key property was seen not to be unique. */
  const shared = new Set<Kind>();
  /** Kinds whose key property was seen to be unique: of those a second record is refused. */
  const unique = new Set<Kind>();

  async function create(
    kind: Kind,
    { task, properties }: Wanted,
    signal: AbortSignal,
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
      signal,
    );
    if (answer.status >= 300) throw refusalOf(answer);
    return understood(Found, answer.body).id;
  }

  /** Creates the record with its link, in one request; refused, it may be there from an earlier try. After one it is looked for first, or what a busy HubSpot takes would be spent on refusals. */
  async function ensure(
    kind: Kind,
    wanted: Wanted,
    signal: AbortSignal,
  ): Promise<Ensured> {
    const { externalId: key, again } = wanted.task;
    const known = again ? await find(kind, key, signal) : [];
    if (known[0] !== undefined) return standing(known);
    if (again && shared.has(kind)) waitForSearch(wanted.task);
    try {
      const id = await create(kind, wanted, signal);
      return { id, created: true, duplicates: [] };
    } catch (error) {
      if (!(error instanceof PermanentError) || error.code === "vendor-auth")
        throw error;
      const there = await find(kind, key, signal).catch((failure: unknown) => {
        throw failure instanceof PermanentError ? error : failure;
      });
      if (there[0] === undefined) throw error;
      return standing(there);
    }
  }

  /** The records with this key, the oldest first. */
  async function find(
    kind: Kind,
    key: string,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (shared.has(kind)) return search(kind, key, signal);
    const answer = await ask(
      {
        method: "GET",
        path: `${objectsPath(apiVersion, kind)}/${encodeURIComponent(key)}`,
        query: { idProperty: keyProperty },
      },
      signal,
    );
    if (answer.status === 404 || answer.status < 300) unique.add(kind);
    if (answer.status === 404) return [];
    // It reads records by properties alone that it keeps unique.
    if (answer.status === 400) {
      shared.add(kind);
      return search(kind, key, signal);
    }
    if (answer.status >= 300) throw refusalOf(answer);
    return [understood(Found, answer.body).id];
  }

  async function search(
    kind: Kind,
    key: string,
    signal: AbortSignal,
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
      signal,
    );
    if (answer.status >= 300) throw refusalOf(answer);
    return understood(Results, answer.body)
      .results.filter(({ properties }) => properties[keyProperty] === key)
      .map(({ id }) => id);
  }

  return {
    name: "hubspot",
    pace: {
      key: "hubspot",
      everyMs: (requestsPerTask * 10 * secondMs) / requestsPerTenSeconds,
    },
    upsertTask: async (task, signal): Promise<CrmReceipt> => {
      const home = await unlessAborted(signal, homes).catch(
        (error: unknown) => {
          if (signal.aborted || isRefusedToken(error)) throw error;
          // A link is worth less than the write that it would hold up.
          return frontDoor(settings.appUrl);
        },
      );
      const body = html(task.body);
      const written = await ensure(
        "tasks",
        {
          task,
          properties: {
            hs_task_subject: task.subject,
            hs_task_body: body,
            hs_task_priority: task.priority,
            hs_task_status: "NOT_STARTED",
            hs_task_type: "TODO",
            hs_timestamp: task.dueAt.toISOString(),
          },
        },
        signal,
      );
      const note = await ensure(
        "notes",
        {
          // The note comes last: without its task none was written. Where the key is unique, a second one is refused.
          task: {
            ...task,
            again: task.again && !written.created && !unique.has("notes"),
          },
          properties: {
            hs_note_body: `<p>${html(task.subject)}</p>${body}`,
            hs_timestamp: new Date().toISOString(),
          },
        },
        signal,
      );
      return {
        recordId: written.id,
        link: home(written.id),
        created: written.created,
        duplicates: [...written.duplicates, ...note.duplicates],
      };
    },
  };
}

function standing([id = "", ...duplicates]: readonly string[]): Ensured {
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
async function homeOf(
  appUrl: string | undefined,
  apiVersion: string,
  ask: (request: HubspotRequest, signal: AbortSignal) => Promise<HubspotAnswer>,
): Promise<(taskId: string) => string> {
  const answer = await ask(
    { method: "GET", path: accountInfoPath(apiVersion) },
    AbortSignal.timeout(accountTimeoutMs),
  );
  if (answer.status === 403 || answer.status === 404) return frontDoor(appUrl);
  if (answer.status >= 300) throw refusalOf(answer);
  const { portalId, uiDomain } = understood(Account, answer.body);
  const app = appUrl ?? `https://${uiDomain}`;
  return (taskId) => `${app}/contacts/${portalId}/record/0-27/${taskId}`;
}

/** Plain text as the HTML that HubSpot shows in bodies. */
function html(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "<br>");
}
