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
import type { Read } from "../../ports/store.ts";

/** What an operator has set for the API. */
export interface ApiSettings {
  /** What a tenant shares with a sender of webhooks: none, one, or while it is changed two. */
  readonly webhookSecrets: (
    tenantId: TenantId,
    sender: Sender,
  ) => readonly string[];
  /** Where the world calls us, without a slash behind; null: where a request itself says that it was sent to. */
  readonly publicUrl: string | null;
  /** The origins whose pages may call; none: no other site's. */
  readonly corsOrigins: readonly string[];
  readonly standIns: readonly {
    readonly need: string;
    readonly standIn: string;
    readonly inProduction: string;
  }[];
  readonly version: string;
  /** How many requests a person may make in a minute: what only reads, and what changes something. */
  readonly readsPerMinute: number;
  readonly commandsPerMinute: number;
}

/** All that the API works with. */
export type ApiDeps = Deps & {
  readonly identity: Identity;
  readonly people: People;
  readonly printer: Printer;
  readonly settings: ApiSettings;
  readonly unreadable: SeenUnreadable;
};

/** The documents that this instance met lately and could not read. */
export interface SeenUnreadable {
  /** Those whose path begins so, a hundred at most. */
  readonly below: (prefix: string) => readonly Misfit[];
}

/** Who calls, as far as their token says. */
export type SignedInPerson = NonNullable<
  Awaited<ReturnType<Identity["verify"]>>
>;

/** Who calls, in which tenant, and what they are there at this very moment. */
export interface Caller {
  readonly tenantId: TenantId;
  /** All tenants that the token names. */
  readonly tenants: readonly TenantId[];
  readonly uid: Uid;
  readonly actor: Actor;
}

/** What a request carries from its middlewares to its handler. */
export interface ApiEnv {
  Variables: {
    requestId: string;
    person: SignedInPerson;
    /** Absent on the routes of persons, who need not belong to a tenant. */
    caller: Caller;
    webhookTenant: TenantId;
    /** What wraps a command that its caller may give. */
    once: MiddlewareHandler<ApiEnv>;
    /** The command of the request's Idempotency-Key while it has no answer yet. */
    held: Read<KeyedCommand> | undefined;
  };
}

export type Api = OpenAPIHono<ApiEnv>;
export type ApiContext = Context<ApiEnv>;

/** Whom the commits of a request are booked to, and where its messages come from. */
export function authorOf(c: ApiContext): Author {
  return authorIn(c, c.get("caller").tenantId);
}

/** The same of a personal route, which is of no tenant: what it commits to this one. */
export function authorIn(c: ApiContext, tenantId: TenantId): Author {
  const origin = { traceId: c.get("requestId"), runId: null, causedBy: null };
  return { tenantId, actor: c.get("person").uid, origin };
}
