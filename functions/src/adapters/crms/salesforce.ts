import type { Connection } from "jsforce/lib/connection.js";
import type {
  HttpRequest,
  HttpRequestOptions,
  HttpResponse,
} from "jsforce/lib/types/index.js";
import { z } from "zod";
import type { CrmReceipt, CrmTask } from "../../domain/crm/activation.ts";
import { PermanentError, RetryableError } from "../../domain/kernel/errors.ts";
import {
  addMs,
  hourMs,
  minuteMs,
  secondMs,
} from "../../domain/kernel/instant.ts";
import type { Crm } from "../../ports/crm.ts";
import { defineCrm, text } from "../definition.ts";
import {
  toVendorError,
  badAnswerError,
  unlessAborted,
  noAnswerError,
} from "../web/failures.ts";

export const salesforceDefinition = defineCrm({
  name: "salesforce",
  settings: {
    instanceUrl: text("SALESFORCE_INSTANCE_URL"),
    loginUrl: text("SALESFORCE_LOGIN_URL"),
    clientId: text("SALESFORCE_CLIENT_ID"),
  },
  secrets: { clientSecret: "SALESFORCE_CLIENT_SECRET" },
  tenant: text("SALESFORCE_TENANT"),
  address: ({ instanceUrl }) => instanceUrl,
  check: ({ clientId }, tenant) =>
    clientId.trim() !== "" && tenant.trim() === ""
      ? [
          "SALESFORCE_CLIENT_ID is set, but SALESFORCE_TENANT is not: no card is written to Salesforce. Set it to the id of the tenant whose Salesforce it is.",
        ]
      : [],
  build: ({ settings: { instanceUrl, loginUrl, clientId }, secrets }) =>
    salesforce({
      instanceUrl,
      loginUrl,
      clientId,
      clientSecret: secrets.clientSecret(),
    }),
});

interface Settings {
  readonly instanceUrl: string;
  /** Where tokens are granted: the instance itself where absent or empty; login.salesforce.com grants none by client credentials. */
  readonly loginUrl?: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The custom text field of Task that holds our key. */
  readonly taskKeyField?: string;
  /** How long a token is waited for; 30 s where absent. */
  readonly signInTimeoutMs?: number;
}

/** One org, as a write reaches it. */
interface Org {
  readonly api: string;
  readonly taskKeyField: string;
  /** The answer's body; throws what its status means. */
  readonly send: (
    request: HttpRequest,
    abortSignal: AbortSignal,
  ) => Promise<unknown>;
}

const version = "64.0";
const requestTimeoutMs = 30 * secondMs;

const remedy =
  "In Salesforce Setup, under External Client App Manager, enable the client credentials flow of the app with a run-as user who may read and create tasks, and check the client id and secret. A connected app made before Spring '26 does as well.";

const Found = z.object({
  records: z.array(z.object({ Id: z.string().min(1) })),
});
const Created = z.object({ success: z.literal(true), id: z.string().min(1) });
const Faults = z.array(
  z.object({ errorCode: z.string(), message: z.string() }),
);
const Token = z.object({ access_token: z.string().min(1) });

/** Salesforce answers these with 400 or 403, though trying again helps (REST API Developer Guide, Status Codes and Error Responses). */
const passing: readonly string[] = [
  "REQUEST_LIMIT_EXCEEDED",
  "UNABLE_TO_LOCK_ROW",
  "SERVER_UNAVAILABLE",
  "QUERY_TIMEOUT",
];

/** The requests of the last 24 hours are spent (API Request Limits and Allocations): some come free as those age. */
const spentForMs = 15 * minuteMs;

/** How much earlier than ours Salesforce's clock may be. */
const clockSkewMs = hourMs;

/** How many records of one key are searched for. */
const mostDuplicates = 10;

const recordId = /^[a-z0-9]{15}(?:[a-z0-9]{3})?$/i;

const priorities = { HIGH: "High", MEDIUM: "Normal", LOW: "Low" } as const;

/**
 * Writes tasks to one Salesforce org, signed in by the OAuth client credentials flow. A Task cannot
 * carry a unique external id, so its key is looked up before it is created, and the caller
 * holds a lease; of several with one key the oldest counts.
 */
export function salesforce(settings: Settings): Crm {
  const { instanceUrl, taskKeyField = "ClientPulse_Key__c" } = settings;
  const org: Org = {
    api: `${instanceUrl}/services/data/v${version}`,
    taskKeyField,
    send: signedIn(settings),
  };
  return {
    name: "salesforce",
    // It limits requests by the day, not by the second.
    pace: null,
    upsertTask: async (task, abortSignal): Promise<CrmReceipt> => {
      const [known, ...duplicates] = await findAnywhere(task, org, abortSignal);
      const id = known ?? (await create(task, org, abortSignal));
      const link = `${instanceUrl}/lightning/r/Task/${id}/view`;
      return { recordId: id, link, created: known === undefined, duplicates };
    },
  };
}

/** As `find`; after an earlier try also where somebody has moved the task, or the account's id was another then. */
async function findAnywhere(task: CrmTask, org: Org, abortSignal: AbortSignal) {
  const { crmAccountId: company, again } = task;
  const isId = company !== null && recordId.test(company);
  const nearby = { ...task, crmAccountId: isId ? company : null };
  const near = await find(nearby, org, abortSignal);
  if (near.length > 0 || !isId || !again) return near;
  return find({ ...task, crmAccountId: null }, org, abortSignal);
}

/** The tasks of this key, the oldest first. The key's own field has no index, which is slow in a large org: only what was created since the approval is looked through, and where the account is given of that alone. */
async function find(
  { externalId, approvedAt, crmAccountId: whatId }: CrmTask,
  { api, taskKeyField, send }: Org,
  abortSignal: AbortSignal,
): Promise<readonly string[]> {
  const since = addMs(approvedAt, -clockSkewMs).toISOString();
  const conditions = [
    ...(whatId === null ? [] : [`WhatId = '${whatId}'`]),
    `CreatedDate >= ${since}`,
    `${taskKeyField} = '${escapeSoql(externalId)}'`,
  ].join(" AND ");
  const soql = `SELECT Id FROM Task WHERE ${conditions} ORDER BY CreatedDate ASC, Id ASC LIMIT ${mostDuplicates}`;
  const url = `${api}/query?q=${encodeURIComponent(soql)}`;
  const body = await send({ method: "GET", url }, abortSignal);
  return parseBody(Found, body).records.map(({ Id }) => Id);
}

async function create(
  task: CrmTask,
  { api, taskKeyField, send }: Org,
  abortSignal: AbortSignal,
): Promise<string> {
  const record = {
    [taskKeyField]: task.externalId,
    Subject: task.subject,
    Description: task.body,
    ActivityDate: task.dueAt.toISOString().slice(0, 10),
    Priority: priorities[task.priority],
    Status: "Not Started",
    ...(task.crmAccountId === null ? {} : { WhatId: task.crmAccountId }),
  };
  const body = await send(
    {
      method: "POST",
      url: `${api}/sobjects/Task`,
      body: JSON.stringify(record),
      headers: { "content-type": "application/json" },
    },
    abortSignal,
  );
  return parseBody(Created, body).id;
}

/** Sends requests in one session, which begins with the first of them, and anew once the org has ended it. */
function signedIn(settings: Settings): Org["send"] {
  let session: Promise<Connection> | null = null;

  async function connection(): Promise<Connection> {
    session ??= signIn(settings);
    const current = session;
    return current.catch((cause: unknown) => {
      if (session === current) session = null;
      throw cause;
    });
  }

  return async (request, abortSignal) => {
    const first = await unlessAborted(abortSignal, connection);
    const answer = await unlessAborted(abortSignal, () =>
      exchange(first, request),
    );
    if (answer.statusCode !== 401) return readBody(answer);
    const current = session;
    if (
      current !== null &&
      (await unlessAborted(abortSignal, async () => current)) === first &&
      session === current
    )
      session = null;
    const second = await unlessAborted(abortSignal, connection);
    return readBody(
      await unlessAborted(abortSignal, () => exchange(second, request)),
    );
  };
}

/** Signs in, within a time of its own: all writes wait for it, and each of them for a while only. */
async function signIn(settings: Settings): Promise<Connection> {
  const { signInTimeoutMs = requestTimeoutMs } = settings;
  const [{ OAuth2 }, { Connection }, transport] = await Promise.all([
    import("jsforce/lib/oauth2.js"),
    import("jsforce/lib/connection.js"),
    transportWithin(signInTimeoutMs),
  ]);
  const { clientId, clientSecret, instanceUrl } = settings;
  const loginUrl = settings.loginUrl || instanceUrl;
  const oauth2 = new OAuth2({ loginUrl, clientId, clientSecret });
  oauth2._transport = transport;
  const deadline = AbortSignal.timeout(signInTimeoutMs);
  const answer: unknown = await unlessAborted(deadline, async () =>
    oauth2
      .requestToken({ grant_type: "client_credentials" })
      .catch((cause: unknown) => {
        throw signInFailure(cause);
      }),
  );
  const accessToken = parseBody(Token, answer).access_token;
  // Without an oauth2 of its own: given one, jsforce answers each 401 by signing in again, without end.
  return new Connection({ instanceUrl, accessToken, version });
}

/** What carries jsforce's requests for tokens, which take no options of their own. */
async function transportWithin(timeout: number) {
  const { Transport } = await import("jsforce/lib/transport.js");
  class Bounded extends Transport {
    override httpRequest(request: HttpRequest, options: HttpRequestOptions) {
      const bounds = { timeout, followRedirect: refuseRedirect };
      return super.httpRequest(request, { ...options, ...bounds });
    }
  }
  return new Bounded();
}

/** jsforce asks this where to go on; by itself it takes the token to whatever host it is sent to, and believes the answer. */
function refuseRedirect(url: string): never {
  throw new PermanentError(
    "refused-by-vendor",
    `Salesforce redirects to ${url.slice(0, 200)}, which is not followed. Set the org's own address (My Domain) as that of the instance.`,
  );
}

/** jsforce names this error by the vendor's OAuth error code (RFC 6749, section 5.2), or `ERROR_HTTP_<status>` where there is none. */
function signInFailure(cause: unknown) {
  if (cause instanceof PermanentError) return cause;
  const code = cause instanceof Error ? cause.name : "";
  const byStatus = /^ERROR_HTTP_(\d{3})$/.exec(code)?.[1];
  const denied =
    /^(?:invalid_\w+|unauthorized_client|unsupported_grant_type|inactive_\w+|access_denied)$/;
  if (byStatus === undefined && !denied.test(code)) {
    return noAnswerError("Salesforce", cause);
  }
  return toVendorError({
    vendor: "Salesforce",
    status: byStatus === undefined ? 401 : Number(byStatus),
    message: `${code}: ${cause instanceof Error ? cause.message : ""}`,
    retryAfter: null,
    remedy,
    cause,
  });
}

/** One request and its answer, whatever the status; jsforce's own five tries are off, for delivery decides on those. */
async function exchange(
  connection: Connection,
  request: HttpRequest,
): Promise<HttpResponse> {
  const { HttpApi } = await import("jsforce/lib/http-api.js");
  const api = new HttpApi(connection, {
    retry: { maxRetries: 0 },
    timeout: requestTimeoutMs,
    followRedirect: refuseRedirect,
  });
  const answers: HttpResponse[] = [];
  // jsforce's errors carry neither status nor headers, its event does.
  api.on("response", (answer: HttpResponse) => answers.push(answer));
  const failure: unknown = await api.request(request).then(
    () => null,
    (cause: unknown) => cause,
  );
  if (failure instanceof PermanentError) throw failure;
  const [answer] = answers;
  if (answer === undefined) throw noAnswerError("Salesforce", failure);
  return answer;
}

function readBody(answer: HttpResponse): unknown {
  const body = parseJson(answer.body);
  if (answer.statusCode < 300) return body;
  const faults = Faults.safeParse(body).data ?? [];
  const message =
    faults.map((f) => `${f.errorCode}: ${f.message}`).join("; ") ||
    answer.body.slice(0, 500);
  if (faults.some(({ errorCode }) => passing.includes(errorCode))) {
    const isSpent = faults.some(
      ({ errorCode }) => errorCode === "REQUEST_LIMIT_EXCEEDED",
    );
    throw new RetryableError("vendor-busy", `Salesforce is busy: ${message}`, {
      cause: body,
      retryAfterMs: isSpent ? spentForMs : null,
    });
  }
  throw toVendorError({
    vendor: "Salesforce",
    status: answer.statusCode,
    message,
    retryAfter: z.string().safeParse(answer.headers["retry-after"]).data,
    remedy,
    cause: body,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (!result.success) throw badAnswerError("Salesforce", result.error);
  return result.data;
}

/** A text inside a SOQL string literal (SOQL and SOSL Reference, Quoted String Escape Sequences). */
function escapeSoql(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "\\'")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r");
}
