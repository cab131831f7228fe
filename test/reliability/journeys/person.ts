import { pdfPrinter } from "../../../functions/src/adapters/documents/pdf.ts";
import { type ApiDeps, createApi } from "../../../functions/src/api/index.ts";
import * as at from "../../../functions/src/domain/collections.ts";
import { addMs, dayMs } from "../../../functions/src/domain/kernel/instant.ts";
import { create } from "../../../functions/src/ports/store.ts";
import {
  aMember,
  anAccount,
  anAccountId,
  aTenantId,
  aTenantWith,
  aTip,
  aUid,
} from "../../support/builders.ts";
import { fakePeople } from "../../support/people.ts";
import { all } from "../../support/stories.ts";
import { fair, openWorld, type World } from "../../support/world.ts";
import { type Journey, played } from "./journey.ts";

const tenantId = aTenantId("north");
const accountId = anAccountId("globex");
const ada = aUid("ada");

/** What an administrator does by the API, each command sent again until it is answered. */
export const person: Journey = {
  name: "person",
  own: [
    "invite",
    "accept",
    "remove",
    "hand over",
    "edit asset",
    "take asset away",
    "snooze",
    "edit outreach",
    "decide on many",
    "approve",
  ],
  play: (strike) => {
    const people = fakePeople();
    return played(
      async (crms) => openWorld(9, crms),
      strike,
      async (world) => {
        const send = theApi(world, people);
        const admin = aMember({ uid: ada, name: "Ada", role: "ADMIN" });
        await world.write([
          ...aTenantWith(tenantId, [[accountId, anAccount()]]),
          create(at.member(tenantId, ada), admin),
        ]);
        await world.emit(tenantId, aTip(accountId, 1));
        await world.settle(fair);
        const bob = { email: "bob@acme.example", name: "Bob", role: "VIEWER" };
        await send("invite", "POST /invitations", bob);
        const mine = `/me/invitations/${tenantId}`;
        await send("accept", `POST ${mine}/accept`, {}, "bob");
        await send("remove", "POST /members/bob/deactivate", { version: 1 });
        // Looked at no more: when a look would be due depends on when this is done.
        const schedule = { active: false };
        const handedOver = { owners: [ada], schedule, version: 1 };
        await send("hand over", `PATCH /accounts/${accountId}`, handedOver);
        const asset = { title: "Another playbook", version: 1 };
        await send("edit asset", "PATCH /assets/transition", asset);
        await world.settle(fair);
        const takenAway = { active: false, version: 2 };
        await send("take asset away", "PATCH /assets/transition", takenAway);
        await world.settle(fair);
        for (const { id, data } of await all(world, at.opportunities(tenantId)))
          await decideOn({ id, version: data.version }, world, send);
        await world.settle(fair);
        return { bobsTenants: people.claimOf("bob").length };
      },
    );
  },
};

/** Puts a card aside, fetches it back, words it anew, rejects it, takes that back and approves it. */
async function decideOn(
  { id, version }: { readonly id: string; readonly version: number },
  world: World,
  send: ReturnType<typeof theApi>,
): Promise<void> {
  const card = `/opportunities/${id}`;
  const until = addMs(world.clock.now(), dayMs);
  await send("snooze", `POST ${card}/snooze`, { version, until });
  await send("wake", `POST ${card}/wake`, { version: version + 1 });
  const draft = { index: 0, subject: "Pat", body: "Dear Pat ..." };
  const worded = { version: version + 2, ...draft };
  await send("edit outreach", `PATCH ${card}/outreach`, worded);
  const rejected = { decision: "reject", reason: "bad_timing" };
  const decisions = [{ id, version: version + 3, ...rejected }];
  const many = "POST /opportunities/bulk-decisions";
  await send("decide on many", many, { decisions });
  await send("reopen", `POST ${card}/reopen`, { version: version + 4 });
  const approved = { version: version + 5 };
  await send("approve", `POST ${card}/approve`, approved);
}

/** Sends a command until it is answered; an answer that it was carried out before is one, too. */
function theApi(world: World, people: ReturnType<typeof fakePeople>) {
  const deps: ApiDeps = {
    ...world.deps,
    identity: {
      verify: async (token) => {
        const uid = aUid(token.replace("of-", ""));
        const tenants = uid === ada ? [tenantId] : people.claimOf(uid);
        const email = `${uid}@acme.example`;
        return { uid, tenants, email, emailVerified: true };
      },
    },
    people,
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
  };
  return async (name: string, command: string, body: object, by = "ada") => {
    const [method = "", path = ""] = command.split(" ");
    const answers: string[] = [];
    for (let tries = 0; tries < 5; tries++) {
      const status = await world.act({ name, deps }, async (faulty) => {
        const answer = await createApi(faulty).request(`/api/v1${path}`, {
          method,
          body: JSON.stringify(body),
          headers: {
            Authorization: `Bearer of-${by}`,
            "Content-Type": "application/json",
          },
        });
        answers.push(await answer.text());
        return answer.status;
      });
      if (status !== "killed" && status < 500) {
        if (status < 300 || status === 409) return;
        throw new Error(`${command} was answered ${answers.at(-1)}`);
      }
      world.clock.advance(1_000);
    }
    throw new Error(`${command} was never answered but ${answers.join()}`);
  };
}
