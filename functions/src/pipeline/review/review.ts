import * as at from "../../domain/collections.ts";
import type { AuditAction } from "../../domain/requests/audit.ts";
import { OpportunityId, type TenantId } from "../../domain/kernel/ids.ts";
import { toInboxItem } from "../../domain/cards/inbox.ts";
import type { Emission } from "../../domain/messages/message.ts";
import { type Opportunity } from "../../domain/cards/opportunity.ts";
import { move, type PersonCommand } from "../../domain/cards/transitions.ts";
import type { Outcome, Stage } from "../../ports/stage.ts";
import {
  create,
  put,
  type Read,
  update,
  type Write,
} from "../../ports/store.ts";

/** What a review changes, in one commit; or why it does not apply. */
export function decide(
  {
    tenantId,
    read,
  }: { readonly tenantId: TenantId; readonly read: Read<Opportunity> },
  command: PersonCommand,
  now: Date,
):
  | {
      readonly ok: true;
      readonly outcome: Outcome;
      readonly after: Opportunity;
    }
  | { readonly ok: false; readonly why: string } {
  const moved = move(read.data, command, now);
  if (!moved.ok) return moved;
  const after: Opportunity = {
    ...read.data,
    card:
      command.kind === "edit"
        ? withEditedDraft(read.data, command)
        : read.data.card,
    state: moved.state,
    version: read.data.version + 1,
  };
  const { action, note } = describeCommand(command);
  const what = command.kind === "edit" ? "outreach edited" : command.kind;
  const { emits } = followUp(read, after, command);
  const outcome: Outcome = {
    writes: writeChange(
      { tenantId, read, after },
      { by: command.by, what, note, now },
    ),
    audit: [
      {
        action,
        entity: { kind: "opportunity", id: read.id },
        before: { status: read.data.state.status, version: read.data.version },
        after: { status: after.state.status, version: after.version },
        reason: note,
      },
    ],
    emits,
  };
  return { ok: true, outcome, after };
}

/**
 * The card with one of its drafts replaced. The receipt stays valid, since drafts are not part of what was verified.
 */
function withEditedDraft(
  { card }: Opportunity,
  { index, subject, body }: Extract<PersonCommand, { readonly kind: "edit" }>,
): Opportunity["card"] {
  return {
    ...card,
    outreach: card.outreach.map((draft, i) =>
      i === index ? { ...draft, subject, body } : draft,
    ),
  };
}

function followUp(
  read: Read<Opportunity>,
  after: Opportunity,
  command: PersonCommand,
): { readonly emits: readonly Emission[] } {
  const { accountId, version, state } = after;
  const opportunityId = OpportunityId.parse(read.id);
  if (state.status === "approved") {
    return {
      emits: [
        {
          topic: "opportunity-approved",
          payload: { accountId, opportunityId, version },
          runAt: state.undoUntil,
        },
      ],
    };
  }
  if (state.status === "in_review") {
    return {
      emits: [
        {
          topic: "review-deadline",
          payload: { accountId, opportunityId, version },
          runAt: state.dueAt,
        },
      ],
    };
  }
  if (state.status === "snoozed") {
    return {
      emits: [
        {
          topic: "snooze-end",
          payload: { accountId, opportunityId, version },
          runAt: state.until,
        },
      ],
    };
  }
  if (command.kind === "refine") {
    const { playbookId, clusterId, signalIds } = after;
    return {
      emits: [
        {
          topic: "signal-qualified",
          payload: {
            accountId,
            opportunityId,
            playbookId,
            clusterId,
            signalIds,
            refined: { version },
          },
        },
      ],
    };
  }
  return { emits: [] };
}

function describeCommand(command: PersonCommand): {
  readonly action: AuditAction;
  readonly note: string | null;
} {
  switch (command.kind) {
    case "approve":
      return { action: "APPROVE", note: null };
    case "withdraw":
      return { action: "UPDATE", note: "approval withdrawn" };
    case "reopen":
      return { action: "UPDATE", note: "rejection taken back" };
    case "edit":
      return {
        action: "UPDATE",
        note: `draft ${command.index + 1}: ${command.subject}`,
      };
    case "reject":
      return {
        action: "REJECT",
        note:
          command.note === ""
            ? command.reason
            : `${command.reason}: ${command.note}`,
      };
    case "refine":
      return { action: "REFINE", note: command.note };
    case "snooze":
      return {
        action: "UPDATE",
        note: command.reason === "" ? null : command.reason,
      };
    case "wake":
      return { action: "UPDATE", note: "woken" };
  }
}

/** Escalates a card past its deadline to its team's lead; it stays in review. */
export const escalate: Stage<"review-deadline", "store" | "clock"> = {
  topic: "review-deadline",
  run: async ({ tenantId, payload }, { store, clock }) => {
    const read = await store.read(
      at.opportunity(tenantId, payload.opportunityId),
    );
    if (read === null || read.data.version !== payload.version)
      return { skipped: "it was decided or rewritten in time" };
    const now = clock.now();
    const moved = move(read.data, { kind: "escalate" }, now);
    if (!moved.ok) return { skipped: moved.why };
    const after = { ...read.data, state: moved.state };
    return {
      writes: writeChange(
        { tenantId, read, after },
        { by: "system:review-deadline", what: "escalated", note: null, now },
      ),
      audit: [
        {
          action: "UPDATE",
          entity: { kind: "opportunity", id: read.id },
          before: { escalated: false },
          after: { escalated: true },
          reason: "nobody decided before the review deadline",
        },
      ],
    };
  },
};

/** The writes for a changed card: the card itself, its inbox line, and a step in its history. */
export function writeChange(
  {
    tenantId,
    read,
    after,
  }: {
    readonly tenantId: TenantId;
    readonly read: Read<Opportunity>;
    readonly after: Opportunity;
  },
  {
    by,
    what,
    note,
    now,
  }: {
    readonly by: string;
    readonly what: string;
    readonly note: string | null;
    readonly now: Date;
  },
): readonly Write[] {
  const opportunityId = OpportunityId.parse(read.id);
  const { version, state, card } = after;
  const id = `v${version}_${what.replaceAll(" ", "_")}`;
  return [
    update(read, {
      state,
      version,
      ...(card === read.data.card ? {} : { card }),
    }),
    put(at.inboxItem(tenantId, opportunityId), toInboxItem(after)),
    create(at.historyEntry(tenantId, opportunityId, id), {
      at: now,
      by,
      what,
      from: read.data.state.status,
      to: state.status,
      version,
      note,
    }),
  ];
}
