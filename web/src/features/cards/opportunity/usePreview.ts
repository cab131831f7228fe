import { z } from "zod";
import { CrmName } from "../../../../../functions/src/domain/crm/activation.ts";
import { useAnswer } from "../../../lib/api/answer.ts";
import type { Live } from "../../../lib/firestore/live.ts";

const Planned = z.object({
  crm: CrmName,
  object: z.enum(["Task", "Note"]),
  connection: z.string(),
  subject: z.string(),
  body: z.string(),
  crmAccountId: z.string().nullable(),
  dueAt: z
    .string()
    .transform((text) => new Date(text))
    .nullable(),
  priority: z.string().nullable(),
  whyNot: z.string().nullable(),
});
export type Planned = z.infer<typeof Planned>;

const Preview = z.object({ items: z.array(Planned) });

/** What an approval of this version would write to each CRM. */
export function usePreview(
  opportunityId: string,
  version: number,
): Live<{ readonly items: readonly Planned[] }> {
  const path = `/opportunities/${encodeURIComponent(opportunityId)}/activation-preview`;
  return useAnswer(path, Preview, version);
}
