import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { pdfPrinter } from "../../functions/src/adapters/documents/pdf.ts";
import { CrmName } from "../../functions/src/domain/crm/activation.ts";
import type { Crm } from "../../functions/src/ports/crm.ts";
import { withdrawMs } from "../../functions/src/domain/cards/transitions.ts";
import { createApi } from "../../functions/src/api/index.ts";
import { aCase, bodyOf, problemOf, sharedApi } from "../support/api.ts";
import {
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
  aUid,
} from "../support/builders.ts";
import { fakePeople } from "../support/people.ts";
import { decides, theCard } from "../support/stories.ts";
import {
  connectedCrms,
  type Crms,
  fair,
  openWorld,
  startCrms,
  type World,
} from "../support/world.ts";

const Preview = z.strictObject({
  version: z.int(),
  provenance: z.string(),
  items: z.array(
    z.strictObject({
      crm: CrmName,
      object: z.enum(["Task", "Note"]),
      connection: z.string(),
      externalId: z.string(),
      subject: z.string(),
      body: z.string(),
      crmAccountId: z.string().nullable(),
      dueAt: z.iso.datetime().nullable(),
      priority: z.string().nullable(),
      allowed: z.boolean(),
      whyNot: z.string().nullable(),
    }),
  ),
});

const api = await sharedApi();
/** The preview, as far as these tests speak of its CRMs. */
const previewOf = async (path: string, person = "vera") => {
  const answer = await api.as(person, `${path}/activation-preview`);
  const preview = bodyOf(answer, 200, Preview);
  const isKnown = (crm: CrmName) => connectedCrms.some((name) => name === crm);
  return { ...preview, items: preview.items.filter(({ crm }) => isKnown(crm)) };
};

describe("the preview of what goes to the CRMs", () => {
  it("tells for each record whether it may be written, and if not why", async () => {
    const card = aCase("foreseen", api.clock.now());
    const invented = aCase("invented", api.clock.now(), {
      opportunity: { provenance: "mock" },
    });
    await api.write(card.writes);
    await api.write(invented.writes);
    const { version, provenance, items } = await previewOf(card.path);
    expect({ version, provenance }).toEqual({ version: 1, provenance: "live" });
    expect(items).toMatchObject([
      { crm: "salesforce", object: "Task", connection: "live", allowed: true },
      { crm: "hubspot", object: "Task", crmAccountId: "1001", whyNot: null },
      { crm: "hubspot", object: "Note", dueAt: null, priority: null },
    ]);
    const refused = (await previewOf(invented.path)).items;
    expect(refused.map(({ allowed, whyNot }) => [allowed, whyNot])).toEqual(
      Array(3).fill([
        false,
        "A card of provenance mock is not written to a live CRM.",
      ]),
    );
    await api.as("anna", `${card.path}/reject`, {
      body: { version: 1, reason: "old_news" },
    });
    const [task] = (await previewOf(card.path)).items;
    expect(task?.whyNot).toBe("A card that is rejected cannot be approved.");
  });

  it("is shown to whoever sees the card", async () => {
    const card = aCase("hidden", api.clock.now());
    await api.write(card.writes);
    problemOf(await api.as("bob", `${card.path}/activation-preview`), 404);
    expect((await previewOf(card.path, "lea")).items).toHaveLength(3);
  });
});

describe("what is written after the approval", () => {
  const tenantId = aTenantId("north");
  const accountId = anAccountId("globex");
  const anna = aUid("anna");
  let crms: Crms;
  let world: World;
  /** What each CRM was given, as the preview shows it. */
  const sent = new Map<CrmName, object>();
  beforeAll(async () => {
    crms = await startCrms();
    world = openWorld(41, crms);
    const { salesforce, hubspot } = world.deps.crms;
    const watched = {
      salesforce: watching(salesforce),
      hubspot: watching(hubspot),
    };
    Object.assign(world.deps, { crms: watched });
  });
  afterAll(async () => {
    await world.close();
    await crms.close();
  });

  it("is what the preview had said at its moment", async () => {
    await world.write(aTenantWith(tenantId, [[accountId, anAccount()]]));
    await world.emit(tenantId, aTip(accountId, "foreseen"));
    await world.settle(fair);
    const card = await theCard(world, tenantId);
    const told = await asked(card.id);
    await decides(world, tenantId, card, { kind: "approve" });
    world.clock.advance(withdrawMs);
    await world.settle(fair);

    const written = connectedCrms.flatMap((crm) => {
      const { tasks, notes } = crms[crm].ledger();
      return [
        ...tasks.map(() => ({ crm, object: "Task", ...sent.get(crm) })),
        ...notes.map(({ key }) => ({ crm, object: "Note", externalId: key })),
      ];
    });
    expect(written.map(({ object }) => object)).toEqual([
      "Task",
      "Task",
      "Note",
    ]);
    expect(told.items).toMatchObject(written);
    expect(told.items.every(({ allowed }) => allowed)).toBe(true);
    const after = await asked(card.id);
    expect(after.items[0]).toMatchObject({
      externalId: told.items[0]?.externalId,
      dueAt: told.items[0]?.dueAt,
      allowed: false,
      whyNot: "It has already been written.",
    });
  });

  function watching(crm: Crm): Crm {
    return {
      ...crm,
      upsertTask: (task, signal) => {
        const {
          again: _a,
          approvedAt: _b,
          msSinceLastTry: _c,
          ...planned
        } = task;
        const { dueAt, ...rest } = planned;
        sent.set(crm.name, { ...rest, dueAt: dueAt.toISOString() });
        return crm.upsertTask(task, signal);
      },
    };
  }

  async function asked(id: string) {
    const app = createApi({
      ...world.deps,
      identity: {
        verify: async () => ({
          uid: anna,
          tenants: [tenantId],
          email: "anna@acme.example",
          emailVerified: true,
        }),
      },
      people: fakePeople(),
      printer: pdfPrinter(),
      unreadable: { below: () => [] },
      settings: {
        webhookSecrets: () => [],
        publicUrl: null,
        corsOrigins: [],
        standIns: [],
        version: "1",
        readsPerMinute: 1_000,
        commandsPerMinute: 1_000,
      },
    });
    const path = `/api/v1/opportunities/${id}/activation-preview`;
    const headers = { Authorization: "Bearer of-anna" };
    const answer = await app.request(path, { headers });
    return Preview.parse(await answer.json());
  }
});
