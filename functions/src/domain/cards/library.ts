import { z } from "zod";
import { stamps } from "../kernel/document.ts";
import { Category } from "../signals/signal.ts";
import { SignalType } from "../sources/source.ts";

/** Something a card can point to: a case study, a deck, a reference. */
export const Asset = z.object({
  ...stamps,
  title: z.string().min(1).max(300),
  summary: z.string().min(1).max(2000),
  url: z.url(),
  categories: z.array(Category).max(20),
  active: z.boolean(),
  version: z.int().positive().default(1),
});
export type Asset = z.infer<typeof Asset>;

/** What to do when something of a certain kind happens at a client. */
export const Playbook = z.object({
  ...stamps,
  title: z.string().min(1).max(300),
  categories: z.array(Category).min(1).max(20),
  types: z.array(SignalType).max(10),
  action: z.string().min(1).max(1000),
  outreach: z
    .array(
      z.object({
        channel: z.enum(["email", "call"]),
        subject: z.string().max(200),
        body: z.string().max(4000),
      }),
    )
    .max(5),
  active: z.boolean(),
  version: z.int().positive().default(1),
});
export type Playbook = z.infer<typeof Playbook>;

/** A playbook's own messages, filled in for one account and event. */
export function outreachFrom(
  playbook: Pick<Playbook, "outreach">,
  account: string,
  title: string,
): Playbook["outreach"] {
  const fill = (template: string) =>
    template.replaceAll("{{account}}", account).replaceAll("{{title}}", title);
  return playbook.outreach.map(({ channel, subject, body }) => ({
    channel,
    subject: fill(subject),
    body: fill(body),
  }));
}

/**
 * The playbook for a signal: one that names its type beats one that does not, then the most specific wins, then the
 * lowest id, so that the result never depends on order.
 */
export function matchPlaybook<P extends Playbook>(
  category: Category,
  type: SignalType,
  playbooks: readonly { readonly id: string; readonly data: P }[],
): { readonly id: string; readonly data: P } | null {
  const fitting = playbooks.filter(
    ({ data }) =>
      data.active &&
      data.categories.includes(category) &&
      (data.types.length === 0 || data.types.includes(type)),
  );
  const rank = ({ data }: { data: P }) =>
    (data.types.length === 0 ? 1000 : 0) + data.categories.length;
  return (
    [...fitting].sort(
      (a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1),
    )[0] ?? null
  );
}
