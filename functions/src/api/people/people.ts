import { createRoute, z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { Uid } from "../../domain/kernel/ids.ts";
import { Member } from "../../domain/people/roles.ts";
import { json, shown } from "../http/answer.ts";
import { permitted } from "../http/auth.ts";
import type { Api, ApiDeps } from "../http/context.ts";
import { ids } from "../http/examples.ts";
import {
  CursorText,
  page,
  pageOf,
  PageQuery,
  startAfter,
} from "../http/page.ts";
import { queryProblems } from "../http/problem.ts";

const PersonView = z
  .object(
    Member.pick({
      uid: true,
      name: true,
      role: true,
      isLead: true,
      active: true,
      teams: true,
    }).shape,
  )
  .openapi("Person");
const People = pageOf(PersonView).openapi("PeoplePage");

const list = createRoute({
  method: "get",
  ...permitted("members", "opportunity.read"),
  path: "/api/v1/people",
  operationId: "listPeople",
  summary: "Who is who in the tenant, by name; those who have left too",
  request: {
    query: PageQuery.extend({
      limit: z.coerce
        .number()
        .int()
        .min(1)
        .max(200)
        .default(200)
        .openapi({ description: "At most 200." }),
    }),
  },
  responses: {
    200: json(People, "A page of people", {
      items: [
        {
          uid: ids.member,
          name: "Anna Berg",
          role: "ACCOUNT_MANAGER",
          isLead: false,
          active: true,
          teams: ["north"],
        },
      ],
      nextCursor: null,
    }),
    ...queryProblems(),
  },
});

/** The route by which a front end puts names to uids. E-mail addresses are the administrators' to see. */
export function peopleRoutes(api: Api, deps: ApiDeps): void {
  api.openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const reads = await deps.store.query({
      collection: at.members(c.get("caller").tenantId),
      where: [],
      orderBy: [
        ["name", "asc"],
        ["__name__", "asc"],
      ],
      limit: limit + 1,
      ...startAfter(cursor, z.tuple([CursorText, Uid])),
    });
    const { items, ...rest } = page(reads, limit, ({ id, data }) => [
      data.name,
      id,
    ]);
    const people = items.map(({ data }) => data);
    return c.json(shown(People, { items: people, ...rest }), 200);
  });
}
