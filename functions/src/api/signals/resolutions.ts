import { z } from "@hono/zod-openapi";
import { queryRoute, type Route } from "../http/route.ts";
import * as at from "../../domain/collections.ts";
import { AccountId, MessageId } from "../../domain/kernel/ids.ts";
import { Guess, Resolution } from "../../domain/resolution/resolution.ts";
import { canSee } from "../../domain/people/roles.ts";
import { SourceItem } from "../../domain/signals/signal.ts";
import type { Read } from "../../ports/store.ts";
import { json, Moment } from "../http/answer.ts";
import { audienceFilter, memberAccess } from "../http/auth.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { ids, moments } from "../http/examples.ts";
import { CursorMoment, pageSchema, PageQuery, readPage } from "../http/page.ts";
import { Refusal } from "../http/problem.ts";

const { shape } = Resolution;

/** An unresolved signal as the API shows it. */
export const ResolutionItem = z
  .object({
    id: z.string(),
    ...Resolution.pick({
      state: true,
      title: true,
      excerpt: true,
      hint: true,
      decidedBy: true,
      assignedTo: true,
      messageId: true,
      reason: true,
      version: true,
      traceId: true,
    }).shape,
    item: z.object({
      ...SourceItem.pick({ source: true, url: true, publisher: true }).shape,
      publishedAt: Moment.nullable(),
    }),
    candidates: z.array(Guess.omit({ audience: true })).openapi({
      description:
        "Most likely first. Account managers see only candidates that are their own accounts.",
    }),
    receivedAt: Moment,
    decidedAt: Moment.nullable(),
  })
  .openapi("ResolutionItem");

const Items = pageSchema(ResolutionItem).openapi("ResolutionPage");

/** The path of a resolution. */
export const ResolutionParams = z.object({ id: MessageId });

/** An example resolution. */
export const resolutionExample = {
  id: ids.message,
  state: "open" as const,
  title: "Globex looks for a partner in Linz",
  excerpt: "Globex told visitors of the fair that it looks for a partner.",
  hint: { kind: "alias" as const, value: "Globex Austria" },
  decidedBy: null,
  assignedTo: null,
  messageId: null,
  reason: null,
  version: 1,
  traceId: ids.trace,
  item: {
    source: "webhook" as const,
    url: "https://fair.example/news",
    publisher: "Fair news",
    publishedAt: null,
  },
  candidates: [
    {
      accountId: AccountId.parse(ids.account),
      name: "Globex",
      confidence: 0.6,
      evidence: "name-in-text" as const,
      found: "Globex",
    },
  ],
  receivedAt: moments.received,
  decidedAt: null,
};

const listResolutions = queryRoute(
  {
    ...memberAccess("resolutions", "resolution.read"),
    path: "/api/v1/resolutions",
    operationId: "listResolutions",
    summary: "Signals whose account is unresolved, newest first",
    description:
      "Account managers see signals that may be about one of their accounts; all other roles see every signal.",
    request: {
      query: PageQuery.extend({ state: shape.state.default("open") }),
    },
    answer: json(Items, "A page of signals", {
      items: [resolutionExample],
      nextCursor: null,
    }),
  },
  async (c, deps) => {
    const { state, ...asked } = c.req.valid("query");
    const caller = c.get("caller");
    const listing = {
      collection: at.resolutions(caller.tenantId),
      where: [["state", "==", state], ...audienceFilter(caller)],
      by: ["createdAt", "desc"],
      cursor: z.tuple([CursorMoment, MessageId]),
    } as const;
    const { items, ...rest } = await readPage(asked, listing, deps);
    const visible = await filterVisible(c, items, deps);
    return { items: visible.map(toResolutionItem), ...rest };
  },
);

/** The route that lists signals waiting to be assigned. */
export const resolutionRoutes: readonly Route[] = [listResolutions];

/** A resolution as the API shows it. */
export function toResolutionItem({
  id,
  data,
}: Pick<Read<Resolution>, "id" | "data">) {
  return { id, ...data, item: data.received.item };
}

/** A resolution with the candidates that the caller may see; 404 if there are none. */
export async function findResolution(
  c: ApiContext,
  id: MessageId,
  deps: ApiDeps,
): Promise<Read<Resolution>> {
  const { tenantId } = c.get("caller");
  const read = await deps.store.read(at.resolution(tenantId, id));
  const [seen] = read === null ? [] : await filterVisible(c, [read], deps);
  if (seen === undefined)
    throw new Refusal(404, "There is no such signal, or you may not see it.");
  return seen;
}

/** For account managers, what may be about an account that is theirs now; for other roles, everything. */
async function filterVisible(
  c: ApiContext,
  reads: readonly Read<Resolution>[],
  { store }: Pick<ApiDeps, "store">,
): Promise<readonly Read<Resolution>[]> {
  const { tenantId, actor } = c.get("caller");
  if (actor.role !== "ACCOUNT_MANAGER") return reads;
  const named = new Set(
    reads.flatMap(({ data }) => data.candidates.map((one) => one.accountId)),
  );
  const accounts = await store.readAll(
    [...named].map((id) => at.account(tenantId, id)),
    "leave-out",
  );
  const theirs = new Set(
    accounts
      .filter((read) => read !== null)
      .filter(({ data }) => canSee(actor, data.audience))
      .map(({ id }) => id),
  );
  return reads
    .map((read) => {
      const candidates = read.data.candidates.filter(({ accountId }) =>
        theirs.has(accountId),
      );
      return { ...read, data: { ...read.data, candidates } };
    })
    .filter(({ data }) => data.candidates.length > 0);
}
