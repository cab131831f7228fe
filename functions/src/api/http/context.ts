import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import type { TenantId, Uid } from "../../domain/kernel/ids.ts";
import type { Actor } from "../../domain/people/roles.ts";
import type { Author } from "../../delivery/commit.ts";
import type { KeyedCommand } from "../../domain/requests/keyedCommand.ts";
import type { Sender } from "../../domain/tenants/webhookSecrets.ts";
import type { Misfit } from "../../domain/messages/unreadable.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Identity, People } from "../../ports/people.ts";
import type { Printer } from "../../ports/writing.ts";
import type { Limiter } from "./limiter.ts";
import type { Read } from "../../ports/store.ts";

/** What an operator configures for the API. */
export interface ApiSettings {
  /** The secrets that a tenant shares with a sender of webhooks: none, one, or two during a rotation. */
  readonly webhookSecrets: (
    tenantId: TenantId,
    sender: Sender,
  ) => readonly string[];
  /** The API's public URL without a trailing slash; null to use the URL of each request. */
  readonly publicUrl: string | null;
  /** The origins whose pages may call the API; empty for none but our own. */
  readonly corsOrigins: readonly string[];
  readonly standIns: readonly {
    readonly need: string;
    readonly standIn: string;
    readonly inProduction: string;
  }[];
  readonly version: string;
  /** Requests a person may make per minute: queries, and commands. */
  readonly readsPerMinute: number;
  readonly commandsPerMinute: number;
}

/** Everything that the API depends on. */
export type ApiDeps = Deps & {
  readonly identity: Identity;
  readonly people: People;
  readonly printer: Printer;
  readonly settings: ApiSettings;
  readonly unreadable: UnreadableDocuments;
};

/** The documents that this instance recently failed to read. */
export interface UnreadableDocuments {
  /** Those whose path starts with the prefix, at most 100. */
  readonly below: (prefix: string) => readonly Misfit[];
}

/** The caller as their token describes them. */
export type SignedInPerson = NonNullable<
  Awaited<ReturnType<Identity["verify"]>>
>;

/** The caller, their tenant, and their current role there. */
export interface Caller {
  readonly tenantId: TenantId;
  /** Every tenant that the token names. */
  readonly tenants: readonly TenantId[];
  readonly uid: Uid;
  readonly actor: Actor;
}

/** What middlewares pass to the handler. */
export interface ApiEnv {
  Variables: {
    requestId: string;
    person: SignedInPerson;
    /** Absent on personal routes, which need no tenant. */
    caller: Caller;
    webhookTenant: TenantId;
    /** Carries out a command once per Idempotency-Key; runs after the permission check. */
    once: MiddlewareHandler<ApiEnv>;
    /** The stored command of the request's Idempotency-Key, until its answer is kept. */
    keyed: Read<KeyedCommand> | undefined;
    /** The status of the route's answer when the request is granted. */
    status: 200 | 201 | 202;
    limiter: Limiter;
  };
}

export type Api = OpenAPIHono<ApiEnv>;
export type ApiContext = Context<ApiEnv>;

/** Who a request's commits are attributed to, and the origin of its messages. */
export function requestAuthor(c: ApiContext): Author {
  return authorFor(c, c.get("caller").tenantId);
}

/** The same for what a personal route, which has no tenant, commits in this one. */
export function authorFor(c: ApiContext, tenantId: TenantId): Author {
  const origin = { traceId: c.get("requestId"), runId: null, causedBy: null };
  return { tenantId, actor: c.get("person").uid, origin };
}
