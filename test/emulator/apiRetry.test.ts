import { describe, expect, it } from "vitest";
import { z } from "zod";
import type {
  Activation,
  CrmName,
} from "../../functions/src/domain/crm/activation.ts";
import * as at from "../../functions/src/domain/collections.ts";
import type { Unstamped } from "../../functions/src/domain/kernel/document.ts";
import { newMessage } from "../../functions/src/domain/messages/message.ts";
import { hashCard } from "../../functions/src/domain/cards/opportunity.ts";
import { create } from "../../functions/src/ports/store.ts";
import {
  aCase,
  acme,
  bodyOf,
  globex,
  present,
  problemOf,
  sharedApi,
} from "../support/api.ts";
import { aUid } from "../support/builders.ts";

const api = await sharedApi();

const Decided = z.strictObject({
  id: z.string(),
  status: z.string(),
  version: z.int(),
  undoUntil: z.iso.datetime().optional(),
});

describe("an activation that failed", () => {
  async function failed(id: string) {
    const now = api.clock.now();
    const base = aCase(id, now);
    const contentHash = hashCard(base.opportunity.card);
    const approval = { by: aUid("anna"), at: now, version: 2, contentHash };
    const card = aCase(id, now, {
      opportunity: {
        version: 2,
        state: {
          status: "partially_activated",
          ...approval,
          settledAt: now,
        },
      },
    });
    const activation = (
      crm: CrmName,
      changes: Partial<Unstamped<Activation>>,
    ) =>
      create(at.activation(acme, card.id, crm), {
        opportunityId: card.id,
        accountId: globex,
        audience: card.opportunity.audience,
        provenance: "live",
        crm,
        approvedVersion: 2,
        contentHash,
        state: "done",
        externalId: `clientpulse-${id}-v2`,
        recordId: "00T1",
        link: "https://crm.example/00T1",
        error: null,
        inverse: { operation: "delete", recordId: "00T1" },
        revision: 2,
        ...changes,
      });
    const payload = {
      accountId: globex,
      opportunityId: card.id,
      version: 2,
      crm: "hubspot",
    } as const;
    const origin = { traceId: "t", runId: null, causedBy: null };
    const message = newMessage({ topic: "crm-write", payload }, origin, now);
    const error = { code: "vendor-auth", message: "The token was refused." };
    await api.write([
      ...card.writes,
      activation("salesforce", {}),
      activation("hubspot", {
        state: "failed",
        error,
        recordId: null,
        link: null,
        inverse: null,
      }),
      create(at.message(acme, message.id), {
        ...message.data,
        state: "parked",
        starts: 5,
        attempts: 5,
        error: { ...error, at: now },
      }),
    ]);
    return { ...card, messageId: message.id };
  }

  it("is listed per CRM, with its error, and without how to undo it", async () => {
    const { path } = await failed("half");
    const List = z.object({
      items: z.array(
        z.object({
          crm: z.string(),
          state: z.string(),
          link: z.string().nullable(),
          error: z.object({ message: z.string() }).nullable(),
        }),
      ),
    });
    const answer = await api.as("anna", `${path}/activations`);
    expect(bodyOf(answer, 200, List).items).toMatchObject([
      { crm: "salesforce", state: "done", link: "https://crm.example/00T1" },
      {
        crm: "hubspot",
        state: "failed",
        error: { message: "The token was refused." },
      },
    ]);
    expect(answer.text).not.toContain("inverse");
  });

  it("is tried again once, and rung for", async () => {
    const { path, messageId } = await failed("again");
    api.rings.length = 0;
    const retry = () =>
      api.as("otto", `${path}/retry-activation`, { method: "POST" });
    expect(bodyOf(await retry(), 200, Decided).status).toBe("activating");
    expect(api.rings).toMatchObject([
      { messageId, starts: 0, topic: "crm-write" },
    ]);
    const message = present(
      await api.deps.store.read(at.message(acme, messageId)),
    );
    expect(message.data).toMatchObject({
      state: "open",
      starts: 0,
      error: null,
    });
    const again = problemOf(await retry(), 409);
    expect(again.current).toEqual({ version: 2, status: "activating" });
  });
});
