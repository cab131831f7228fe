import { z } from "zod";
import { Account } from "./account.ts";
import { whyNotWatched } from "../sources/feedUrl.ts";
import { AccountId } from "../kernel/ids.ts";
import { hourMs, minuteMs } from "../kernel/instant.ts";
import { Team } from "../people/members.ts";
import { toSlug, slugPattern } from "../kernel/slug.ts";

const unique = (names: readonly string[]) => [...new Set(names)];

/** A domain as people write it, without scheme or path. */
export const Domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(
    // Labels of at most 63 letters, digits and inner hyphens (RFC 1035, section 2.3.4).
    /^(?:(?![a-z0-9-]{64})[a-z0-9]+(?:-+[a-z0-9]+)*\.)+[a-z][a-z0-9-]{1,62}$/,
    "must be a domain, such as example.com",
  );

const Sources = Account.shape.sources
  .refine(
    (sources) => new Set(sources.map(({ key }) => key)).size === sources.length,
    "each source needs a key of its own",
  )
  .superRefine((sources, context) => {
    for (const [n, source] of sources.entries()) {
      const why = source.kind === "rss" ? whyNotWatched(source.url) : null;
      if (why !== null)
        context.addIssue({ code: "custom", path: [n, "url"], message: why });
    }
  });

/** How often an account's sources are polled. */
const Plan = z.object({
  active: z.boolean(),
  intervalMs: z
    .int()
    .min(5 * minuteMs)
    .max(30 * 24 * hourMs),
});

const identifierName = z
  .string()
  .regex(/^[a-zA-Z][\w-]{0,49}$/, "must be a plain name");

const fields = {
  name: z.string().trim().min(1).max(200),
  aliases: z.array(z.string().trim().min(1).max(200)).max(50).transform(unique),
  domains: z.array(Domain).max(20).transform(unique),
  identifiers: z
    .record(identifierName, z.string().trim().min(1).max(200))
    .refine(
      (identifiers) => Object.keys(identifiers).length <= 50,
      "must be at most 50",
    ),
  moreIdentifiers: z
    .array(
      z.object({
        name: identifierName,
        value: z.string().trim().min(1).max(200),
      }),
    )
    .max(50),
  parentId: AccountId.nullable(),
  icpFit: Account.shape.icpFit,
  owners: Account.shape.owners.transform((owners) => [...new Set(owners)]),
  teams: z.array(Team).max(10).transform(unique),
  sources: Sources,
};

/** What a person enters for a company to watch; its id is made from its name unless given. */
export const AccountForm = z.object({
  id: z
    .string()
    .regex(slugPattern, "must be a-z, 0-9 and -")
    .pipe(AccountId)
    .optional(),
  name: fields.name,
  aliases: fields.aliases.default([]),
  domains: fields.domains.default([]),
  identifiers: fields.identifiers.default({}),
  moreIdentifiers: fields.moreIdentifiers.default([]),
  parentId: fields.parentId.default(null),
  icpFit: fields.icpFit.default(0.5),
  owners: fields.owners.default([]),
  teams: fields.teams.default([]),
  sources: fields.sources.default([]),
  schedule: Plan.default({ active: true, intervalMs: hourMs }),
});
export type AccountForm = z.infer<typeof AccountForm>;

/** What a person changes about an account; absent fields stay the same. */
export const AccountChange = z
  .object({ ...fields, schedule: Plan.partial() })
  .partial();
export type AccountChange = z.infer<typeof AccountChange>;

/** The id of a new account, made from its name. */
export function toAccountId(name: string): AccountId {
  return AccountId.parse(toSlug(name, "account"));
}
