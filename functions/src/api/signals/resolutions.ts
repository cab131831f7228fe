import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { AccountId, MessageId } from "../../domain/kernel/ids.ts";
import { Guess, Resolution } from "../../domain/resolution/resolution.ts";
import { canSee } from "../../domain/people/roles.ts";
import { SourceItem } from "../../domain/signals/signal.ts";
import type { Read } from "../../ports/store.ts";
import { json, Moment, shown } from "../http/answer.ts";
import { ofAudience, permitted } from "../http/auth.ts";
import type { Api, ApiContext, ApiDeps } from "../http/context.ts";
import { ids, moments } from "../http/examples.ts";
import {
  CursorMoment,
  page,
  pageOf,
  PageQuery,
  startAfter,
} from "../http/page.ts";
import { queryProblems, Refused } from "../http/problem.ts";

const { shape } = Resolution;

/** A signal in the queue on the wire. */
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
        "The likeliest first; of an account manager those alone that are theirs.",
    }),
    receivedAt: Moment,
    decidedAt: Moment.nullable(),
  })
  .openapi("ResolutionItem");

const Items = pageOf(ResolutionItem).openapi("ResolutionPage");

/** A queued signal's id in a path. */
export const OfResolution = z.object({ id: MessageId });

/** What a queued signal is shown as in examples. */
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

const list = createRoute({
  method: "get",
  ...permitted("resolutions", "resolution.read"),
  path: "/api/v1/resolutions",
  operationId: "listResolutions",
  summary: "Signals of which it is not sure whose they are, the newest first",
  description:
    "Account managers find here what may be of an account of theirs, the others all of it.",
  request: {
    query: PageQuery.extend({ state: shape.state.default("open") }),
  },
  responses: {
    200: json(Items, "A page of signals", {
      items: [resolutionExample],
      nextCursor: null,
    }),
    ...queryProblems(),
  },
});

/** The route that lists what waits to be assigned. */
export function resolutionRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(list, async (c) => {
    const { limit, cursor, state } = c.req.valid("query");
    const caller = c.get("caller");
    const reads = await deps.store.query({
      collection: at.resolutions(caller.tenantId),
      where: [["state", "==", state], ...ofAudience(caller)],
      orderBy: [
        ["createdAt", "desc"],
        ["__name__", "desc"],
      ],
      limit: limit + 1,
      ...startAfter(cursor, z.tuple([CursorMoment, MessageId])),
    });
    const { items, ...rest } = page(reads, limit, ({ id, data }) => [
      data.createdAt,
      id,
    ]);
    const seen = await seenBy(c, items, deps);
    return c.json(shown(Items, { items: seen.map(viewOf), ...rest }), 200);
  });
}

/** As the API shows it. */
export function viewOf({ id, data }: Pick<Read<Resolution>, "id" | "data">) {
  return { id, ...data, item: data.received.item };
}

/** A queued signal that the caller may see, with as many of its candidates; else 404. */
export async function findResolution(
  c: ApiContext,
  id: MessageId,
  deps: ApiDeps,
): Promise<Read<Resolution>> {
  const { tenantId } = c.get("caller");
  const read = await deps.store.read(at.resolution(tenantId, id));
  const [seen] = read === null ? [] : await seenBy(c, [read], deps);
  if (seen === undefined)
    throw new Refused(404, "There is no such signal, or it is not yours.");
  return seen;
}

/** Of account managers, what may be of an account that is theirs by now; of the others, all. */
async function seenBy(
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
