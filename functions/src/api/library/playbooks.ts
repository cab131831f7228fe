import { z } from "@hono/zod-openapi";
import * as at from "../../domain/collections.ts";
import { Playbook } from "../../domain/cards/library.ts";
import {
  PlaybookChange,
  PlaybookForm,
} from "../../domain/cards/libraryForm.ts";
import { ids } from "../http/examples.ts";
import { libraryRoutes } from "./library.ts";

const View = z
  .object({
    id: z.string(),
    ...Playbook.omit({ schemaVersion: true, createdAt: true, updatedAt: true })
      .shape,
  })
  .openapi("Playbook");

const form = {
  title: "Welcome the new leadership",
  categories: ["leadership_change" as const],
  types: [],
  action: "Offer the incoming executive a briefing.",
  outreach: [
    {
      channel: "email" as const,
      subject: "Congratulations, {{account}}",
      body: "We saw the news: {{title}}.",
    },
  ],
};

/** The routes of the playbooks: what to do when a given kind of event happens. */
export const playbookRoutes = libraryRoutes({
  kind: "playbook",
  shelf: "playbooks",
  collection: at.playbooks,
  tell: () => [],
  view: View,
  form: PlaybookForm,
  change: PlaybookChange,
  example: {
    form,
    entry: { id: ids.playbook, ...form, active: true, version: 1 },
    change: { action: "Offer a briefing within the first month." },
  },
  summaries: {
    list: "Playbooks, by title; includes inactive ones",
    one: "A playbook",
    add: "Add a playbook; new cards follow it",
    change: "Change or deactivate a playbook",
  },
});
