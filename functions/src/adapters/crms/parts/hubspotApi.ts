import type { Client } from "@hubspot/api-client";
import { z } from "zod";
import { text } from "../../definition.ts";
import {
  toVendorError,
  badAnswerError,
  unlessAborted,
  noAnswerError,
} from "../../web/failures.ts";

/** Set once for whoever asks HubSpot: those who write to it, and those who read it. */
export const hubspotApiVersion = text("HUBSPOT_API_VERSION", "2026-09");

/** How HubSpot is reached. */
export interface HubspotAccess {
  readonly baseUrl: string;
  readonly accessToken: string;
  /** The version in every path: a date such as `2026-09`, or `v3`. */
  readonly apiVersion: string;
}

/** One request to HubSpot's API. */
export interface HubspotRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What HubSpot answered, whatever the status. */
export interface HubspotAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: string | null;
}

const remedy =
  "In HubSpot, check that the access token is current (a service key, or the token of an older private app) and that its scopes let it read and write tasks, notes and companies.";

const names = z.union([
  z.array(z.string()),
  z.string().transform((one) => [one]),
]);
const Context = z
  .object({
    properties: names.optional(),
    propertyName: names.optional(),
  })
  .catch({});
const Reason = z
  .object({
    message: z.string(),
    context: Context.optional(),
    errors: z
      .array(
        z.object({
          message: z.string().catch(""),
          context: Context.optional(),
        }),
      )
      .catch([])
      .default([]),
  })
  .catch({ message: "no reason given", errors: [] });

/** Where the objects of a kind are, in a dated version (`/crm/objects/2026-09/tasks`) or in a numbered one (`/crm/v3/objects/tasks`). */
export function objectsPath(apiVersion: string, kind: string): string {
  return isDated(apiVersion)
    ? `/crm/objects/${apiVersion}/${kind}`
    : `/crm/${apiVersion}/objects/${kind}`;
}

/** Where the account information is. */
export function accountInfoPath(apiVersion: string): string {
  return `/account-info/${apiVersion}/details`;
}

/** Where the pipelines of deals are, in a dated version or in a numbered one. */
export function dealPipelinesPath(apiVersion: string): string {
  return isDated(apiVersion)
    ? `/crm/pipelines/${apiVersion}/deals`
    : `/crm/${apiVersion}/pipelines/deals`;
}

function isDated(apiVersion: string): boolean {
  return /^\d{4}-\d{2}$/u.test(apiVersion);
}

/** Asks HubSpot by its client, which is loaded at the first request. Throws RetryableError where there is no answer. */
export function hubspotApi(access: HubspotAccess) {
  const clients = once(() => connect(access));
  return async (
    { method, path, query, body }: HubspotRequest,
    signal: AbortSignal,
  ): Promise<HubspotAnswer> => {
    const client = await clients();
    return unlessAborted(signal, async () => {
      const asked = { method, path, ...(query && { qs: { ...query } }) };
      const response = await client
        .apiRequest(body === undefined ? asked : { ...asked, body })
        .catch((cause: unknown) => {
          throw noAnswerError("HubSpot", cause);
        });
      const answer: unknown = await response.json().catch(() => null);
      return {
        status: response.status,
        body: answer,
        retryAfter: response.headers.get("retry-after"),
      };
    });
  };
}

async function connect({
  baseUrl,
  accessToken,
}: HubspotAccess): Promise<Client> {
  const { Client } = await import("@hubspot/api-client");
  // Neither its retries nor its limiter: both are shared by all clients of a process, and delivery decides on tries.
  return new Client({ basePath: baseUrl, accessToken });
}

/** The error of an answer that is not what was asked for; where the account's own rules refuse a property, it is named. */
export function toRefusal({ status, body, retryAfter }: HubspotAnswer): Error {
  const reason = Reason.parse(body);
  const refused = propertiesIn(reason);
  const rules =
    status === 400 && refused.length > 0
      ? ` The account refuses what is written to ${refused.join(", ")}. In HubSpot, under Settings, Properties, look at the rules of ${refused.length === 1 ? "this property" : "these properties"}, and try again.`
      : "";
  const details = reason.errors.map(({ message }) => message).filter(Boolean);
  return toVendorError({
    vendor: "HubSpot",
    status,
    message: `${[reason.message, ...details].join("; ")}${rules}`,
    retryAfter,
    remedy,
    cause: body,
  });
}

/** The properties that a refusal names: in its context, or in the list that stands in its message. */
function propertiesIn({
  message,
  context,
  errors,
}: z.infer<typeof Reason>): readonly string[] {
  const contexts = [context, ...errors.map((error) => error.context)];
  const listed = [...message.matchAll(/"name":"([^"]{1,100})"/gu)];
  return [
    ...new Set([
      ...contexts.flatMap((found) => [
        ...(found?.properties ?? []),
        ...(found?.propertyName ?? []),
      ]),
      ...listed.flatMap(([, name]) => name ?? []),
    ]),
  ];
}

/** A body by its schema; what does not fit is a RetryableError. */
export function parseAnswer<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (!result.success) throw badAnswerError("HubSpot", result.error);
  return result.data;
}

/** The same promise for everybody, until it fails: then the next one who asks tries anew. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
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
