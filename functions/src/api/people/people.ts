import { z } from "@hono/zod-openapi";
import { queryRoute, type Route } from "../http/route.ts";
import * as at from "../../domain/collections.ts";
import { Uid } from "../../domain/kernel/ids.ts";
import { Member } from "../../domain/people/roles.ts";
import { json } from "../http/answer.ts";
import { memberAccess } from "../http/auth.ts";
import { ids } from "../http/examples.ts";
import {
  CursorText,
  pageSchema,
  PageQuery,
  readEntries,
} from "../http/page.ts";

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
const People = pageSchema(PersonView).openapi("PeoplePage");

const listPeople = queryRoute(
  {
    ...memberAccess("members", "opportunity.read"),
    path: "/api/v1/people",
    operationId: "listPeople",
    summary: "The tenant's people, by name; includes former members",
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
    answer: json(People, "A page of people", {
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
  },
  async (c, deps) => {
    const listing = {
      collection: at.members(c.get("caller").tenantId),
      by: ["name", "asc"],
      cursor: z.tuple([CursorText, Uid]),
    } as const;
    return readEntries(c.req.valid("query"), listing, deps);
  },
);

/** The route by which a front end shows names instead of uids. Only administrators see e-mail addresses. */
export const peopleRoutes: readonly Route[] = [listPeople];
