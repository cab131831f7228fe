import { z } from "zod";
import { Asset, Playbook } from "./library.ts";
import { slugPattern } from "../kernel/slug.ts";

const id = z.string().regex(slugPattern, "must be a-z, 0-9 and -").optional();
const title = z.string().trim().min(1).max(300);

const assetFields = {
  title,
  summary: z.string().trim().min(1).max(2000),
  // It becomes a link on cards, so it must be nothing that a browser would run.
  url: z.url({ protocol: /^https?$/ }).max(2000),
  categories: Asset.shape.categories,
  active: z.boolean(),
};

/** What a person enters for a case study, deck or reference. */
export const AssetForm = z.object({
  id,
  ...assetFields,
  active: assetFields.active.default(true),
});
export type AssetForm = z.infer<typeof AssetForm>;

/** What a person changes about it; absent fields stay the same. */
export const AssetChange = z.object(assetFields).partial();

const filled = z
  .string()
  .max(4000)
  .refine(
    (text) =>
      [...text.matchAll(/\{\{([^}]{0,200})\}\}/g)].every(([, name = ""]) =>
        ["account", "title"].includes(name.trim()),
      ),
    "may hold {{account}} and {{title}}, and no other placeholder",
  );

const { subject, body } = Playbook.shape.outreach.element.shape;
const playbookFields = {
  title,
  categories: Playbook.shape.categories,
  types: Playbook.shape.types,
  action: z.string().trim().min(1).max(1000),
  outreach: z
    .array(
      Playbook.shape.outreach.element.extend({
        subject: subject.and(filled),
        body: body.and(filled),
      }),
    )
    .max(5),
  active: z.boolean(),
};

/** What a person enters as the thing to do when something of a certain kind happens. */
export const PlaybookForm = z.object({
  id,
  ...playbookFields,
  types: playbookFields.types.default([]),
  outreach: playbookFields.outreach.default([]),
  active: playbookFields.active.default(true),
});
export type PlaybookForm = z.infer<typeof PlaybookForm>;

/** What a person changes about it; absent fields stay the same. */
export const PlaybookChange = z.object(playbookFields).partial();
