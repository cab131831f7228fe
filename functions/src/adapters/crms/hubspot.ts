import type { Client } from "@hubspot/api-client";
import type { AssociationSpec } from "@hubspot/api-client/lib/codegen/crm/objects/models/AssociationSpec.js";
import { z } from "zod";
import type { CrmReceipt } from "../../domain/activation.ts";
import { PermanentError } from "../../domain/errors.ts";
import { secondMs } from "../../domain/instant.ts";
import type { Crm } from "../../pipeline/ports.ts";
import { failureOf, misread, unlessAborted, unreached } from "./failures.ts";

interface Settings {
  readonly baseUrl: string;
  readonly accessToken: string;
  /** Where people open HubSpot; asked of the account where absent. */
  readonly appUrl?: string;
  /** What the account allows a private app in ten seconds (API usage guidelines: 100 on Free and Starter, 190 above); 100 where absent. */
  readonly requestsPerTenSeconds?: number;
  /** The custom property of tasks and notes that holds our key; made with `hasUniqueValue`. */
  readonly keyProperty?: string;
}

type Kind = "tasks" | "notes";
type Category = AssociationSpec["associationCategory"];
interface Wanted {
  readonly key: string;
  readonly properties: Readonly<Record<string, string>>;
  /** The company that the record is linked to. */
  readonly company: string | null;
  /** Whether it was tried before. */
  readonly again: boolean;
}
interface Ensured {
  readonly id: string;
  readonly created: boolean;
}

/** For one task with its note, where neither is there from an earlier try. */
const requestsPerTask = 2;

/** HubSpot's own kinds of link from a task or note to a company (Associations API, association type ids). */
const companyLinks = { tasks: 192, notes: 190 } as const;

const remedy =
  "In HubSpot, check that the private app's access token is current and that its scopes let it read and write tasks, notes and companies.";

const Account = z.object({ portalId: z.int(), uiDomain: z.string().min(1) });
const Found = z.object({ id: z.string().min(1) });
const Reason = z
  .object({ message: z.string() })
  .catch({ message: "no reason given" });
const VendorError = z.object({
  code: z.int(),
  headers: z.record(z.string(), z.string()).catch({}),
  body: Reason,
});

/**
 * Writes a task and a note beside it to one HubSpot account, both under our key in a property that
 * HubSpot keeps unique: a second try is refused, finds them, and leaves alone what people have changed
 * since. Both are linked to the company where it is known.
 */
export function hubspot(settings: Settings): Crm {
  const { keyProperty = "clientpulse_key", requestsPerTenSeconds = 100 } =
    settings;
  const clients = once(() => connect(settings));
  const homes = once(async () => homeOf(await clients(), settings.appUrl));

  async function call<T>(
    signal: AbortSignal,
    ask: (client: Client) => Promise<T>,
  ): Promise<T> {
    const client = await clients();
    return unlessAborted(signal, () =>
      ask(client).catch((cause: unknown) => {
        throw translated(cause);
      }),
    );
  }

  /** Creates the record with its link, in one request; refused, it may be there from an earlier try. After one it is looked for first, or what a busy HubSpot takes would be spent on refusals. */
  async function ensure(
    kind: Kind,
    { key, properties, company, again }: Wanted,
    signal: AbortSignal,
  ): Promise<Ensured> {
    const lookUp = () => call(signal, (client) => find(client, kind, key));
    const there = again ? await lookUp() : null;
    if (there !== null) return { id: there, created: false };
    const input = {
      properties: { ...properties, [keyProperty]: key },
      associations: company === null ? [] : [companyLink(kind, company)],
    };
    try {
      const answer = await call(signal, ({ crm }) =>
        crm.objects.basicApi.create(kind, input),
      );
      return { id: understood(Found, answer).id, created: true };
    } catch (error) {
      if (!(error instanceof PermanentError) || error.code === "vendor-auth")
        throw error;
      const known = await lookUp();
      if (known === null) throw error;
      return { id: known, created: false };
    }
  }

  async function find(client: Client, kind: Kind, key: string) {
    const answer: unknown = await client.crm.objects.basicApi
      .getById(kind, key, [], [], [], false, keyProperty)
      .catch((cause: unknown) => {
        if (VendorError.safeParse(cause).data?.code === 404) return null;
        throw cause;
      });
    return answer === null ? null : understood(Found, answer).id;
  }

  return {
    name: "hubspot",
    pace: {
      key: "hubspot",
      everyMs: (requestsPerTask * 10 * secondMs) / requestsPerTenSeconds,
    },
    upsertTask: async (task, signal): Promise<CrmReceipt> => {
      const home = await unlessAborted(signal, homes);
      const body = html(task.body);
      const { externalId: key, crmAccountId: company } = task;
      const written = await ensure(
        "tasks",
        {
          key,
          company,
          again: task.again,
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
      await ensure(
        "notes",
        {
          key,
          company,
          // The note comes last: without it the try before ended.
          again: false,
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
      };
    },
  };
}

function companyLink(kind: Kind, company: string) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a value of the client's enum, whose module is not loaded for it.
  const associationCategory = "HUBSPOT_DEFINED" as Category;
  const associationTypeId = companyLinks[kind];
  return {
    to: { id: company },
    types: [{ associationCategory, associationTypeId }],
  };
}

async function connect({ baseUrl, accessToken }: Settings): Promise<Client> {
  const { Client } = await import("@hubspot/api-client");
  // Neither its retries nor its limiter: both are shared by all clients of a process, and delivery decides on tries.
  return new Client({ basePath: baseUrl, accessToken });
}

/** Where a task is opened, by its id; without the scope for account information, HubSpot's front door. */
async function homeOf(
  client: Client,
  appUrl: string | undefined,
): Promise<(taskId: string) => string> {
  const response = await client
    .apiRequest({ path: "/account-info/v3/details" })
    .catch((cause: unknown) => {
      throw unreached("HubSpot", cause);
    });
  const body: unknown = await response.json().catch(() => null);
  if (response.status === 403) return () => appUrl ?? "https://app.hubspot.com";
  if (!response.ok) {
    throw refusalOf(response.status, body, response.headers.get("retry-after"));
  }
  const { portalId, uiDomain } = understood(Account, body);
  const app = appUrl ?? `https://${uiDomain}`;
  return (taskId) => `${app}/contacts/${portalId}/record/0-27/${taskId}`;
}

/** The client throws its ApiException for every status that it knows, and anything for a request without an answer. */
function translated(cause: unknown): Error {
  const known = VendorError.safeParse(cause);
  if (!known.success) return unreached("HubSpot", cause);
  const { code, headers, body } = known.data;
  return refusalOf(code, body, headers["retry-after"], cause);
}

function refusalOf(
  status: number,
  body: unknown,
  retryAfter: string | null | undefined,
  cause: unknown = body,
): Error {
  const { message } = Reason.parse(body);
  return failureOf({
    vendor: "HubSpot",
    status,
    message,
    retryAfter,
    remedy,
    cause,
  });
}

function understood<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (!result.success) throw misread("HubSpot", result.error);
  return result.data;
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

/** The same promise for everybody, until it fails: then the next one who asks tries anew. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return async () => {
    made ??= make();
    const current = made;
    return current.catch((cause: unknown) => {
      if (made === current) made = null;
      throw cause;
    });
  };
}
