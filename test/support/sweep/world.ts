import { ids } from "../../../functions/src/api/http/examples.ts";
import * as at from "../../../functions/src/domain/collections.ts";
import {
  CommentId,
  MessageId,
} from "../../../functions/src/domain/kernel/ids.ts";
import {
  toInvitationId,
  wherePending,
} from "../../../functions/src/domain/people/invitation.ts";
import { newMessage } from "../../../functions/src/domain/messages/message.ts";
import { create, put, type Write } from "../../../functions/src/ports/store.ts";
import {
  acme,
  aCase,
  aTenantOf,
  globex,
  type TestApi,
  umbrella,
} from "../api.ts";
import {
  aMember,
  anAccount,
  anAccountId,
  anAsset,
  aPlaybook,
  aTenantId,
  aTip,
  aUid,
} from "../builders.ts";

/** An id of an invitation is a hash. */
export const invited = "a1".repeat(16);
export const withdrawn = "b1".repeat(16);
const foreignInvitation = "f0".repeat(16);

/** What the contents of every document of the foreign tenant hold, and nothing else does. */
export const marker = "fm7q";

/** The ids that the description's examples name, each with that of a document of its kind in the foreign tenant. */
export const foreignIds: Readonly<Record<string, string>> = {
  [ids.account]: "fid-account",
  initech: "fid-account",
  [ids.opportunity]: "fid-card",
  [ids.message]: "fid-message",
  [ids.run]: "fid-run",
  [ids.asset]: "fid-asset",
  [ids.playbook]: "fid-playbook",
  [ids.member]: "fid-member",
  lea: "fid-member",
  spare: "fid-member",
  merged: "fid-account",
  c1: "fid-comment",
  waiting: "fid-resolution",
  hooli: "umbrella",
  piper: "umbrella",
  raviga: "umbrella",
  "waiting-too": "fid-resolution-too",
  [invited]: foreignInvitation,
  [withdrawn]: foreignInvitation,
};

/** The same of the tenant of the callers. */
const ownIds = {
  account: null,
  card: ids.opportunity,
  message: ids.message,
  run: ids.run,
  asset: ids.asset,
  playbook: ids.playbook,
  member: "spare",
  comment: "c1",
  resolution: "waiting",
  invitations: [invited, withdrawn],
  word: (text: string) => text,
} as const;

const foreign = {
  account: "fid-account",
  card: "fid-card",
  message: "fid-message",
  run: "fid-run",
  asset: "fid-asset",
  playbook: "fid-playbook",
  member: "fid-member",
  comment: "fid-comment",
  resolution: "fid-resolution",
  invitations: [foreignInvitation, "f1".repeat(16)],
  word: (text: string) => `${text} ${marker}`,
} as const;

/** Plants a document of each kind that a route reads by its id or lists, in both tenants. */
export async function plantWorld(api: TestApi): Promise<void> {
  await api.write(documentsOf(acme, ownIds, api));
  await api.write(documentsOf(umbrella, foreign, api));
  await api.write([
    put(at.heartbeat, {
      tickedAt: api.clock.now(),
      rung: 0,
      due: 0,
      readThrough: null,
    }),
  ]);
  // Two further tenants that have invited the administrator of the callers'.
  for (const name of ["hooli", "piper"]) {
    const tenantId = aTenantId(name);
    await api.write([
      ...aTenantOf(tenantId, []),
      founderOf(tenantId),
      create(
        at.invitation(tenantId, toInvitationId("ada@example.com")),
        anInvitation("ada@example.com", api.clock.now()),
      ),
    ]);
  }
  // One that the same administrator can leave: they are not its last one.
  const left = aTenantId("raviga");
  await api.write([...aTenantOf(left, ["ada"]), founderOf(left)]);
  await api.write([
    create(at.member(umbrella, aUid("alien")), {
      ...aMember({ uid: aUid("alien"), role: "ADMIN", name: marker }),
    }),
    create(
      at.account(acme, anAccountId("merged")),
      anAccount({ name: "Merged", aliases: [], domains: [], identifiers: {} }),
    ),
  ]);
}

/** A card of the callers' tenant that is theirs alone who ask with it. */
export function cardWrites(id: string, now: Date): readonly Write[] {
  return aCase(id, now).writes;
}

/** An administrator whom no call of the sweep is about. */
function founderOf(tenantId: typeof acme): Write {
  const founder = aMember({ uid: aUid("founder"), role: "ADMIN" });
  return create(at.member(tenantId, founder.uid), founder);
}

function anInvitation(email: string, now: Date) {
  return {
    email,
    name: "Somebody",
    role: "VIEWER" as const,
    isLead: false,
    teams: [],
    invitedBy: { uid: aUid("founder"), name: "Founder" },
    version: 1,
    ...wherePending(now),
  };
}

function documentsOf(
  tenantId: typeof acme,
  names: typeof ownIds | typeof foreign,
  { clock }: TestApi,
): readonly Write[] {
  const now = clock.now();
  const { word } = names;
  const accountId =
    names.account === null ? globex : anAccountId(names.account);
  const base = aCase(names.card, now, { tenantId });
  const { opportunity } = base;
  const card = aCase(names.card, now, {
    tenantId,
    opportunity: {
      accountId,
      accountName: word("Globex"),
      card: {
        ...opportunity.card,
        title: word(opportunity.card.title),
        summary: word(opportunity.card.summary),
        outreach: [
          { channel: "email", subject: word("Pat"), body: word("Dear ...") },
        ],
      },
    },
  });
  const { audience } = opportunity;
  const origin = { traceId: word("trace"), runId: names.run, causedBy: null };
  const tip = aTip(accountId, 1);
  const message = newMessage(tip, origin, now).data;
  const error = {
    code: "bad-answer",
    message: word("It was poison."),
    at: now,
  };
  return [
    ...card.writes,
    ...(names.account === null
      ? []
      : [
          create(
            at.account(tenantId, accountId),
            anAccount({
              name: word("Hidden"),
              aliases: [word("Alias")],
              domains: [`${marker}.example`],
              identifiers: { salesforce: marker },
            }),
          ),
        ]),
    create(at.comment(tenantId, card.id, CommentId.parse(names.comment)), {
      at: now,
      by: aUid("ada"),
      text: word("They said so."),
      mentions: [],
      deletedAt: null,
    }),
    create(at.message(tenantId, MessageId.parse(names.message)), {
      ...message,
      state: "parked",
      starts: 5,
      attempts: 5,
      error,
    }),
    create(at.run(tenantId, names.run), {
      accountId,
      trigger: "by_hand",
      startedBy: word("ada"),
      startedAt: now,
      traceId: word("trace"),
    }),
    create(at.asset(tenantId, names.asset), anAsset({ title: word("A bank") })),
    create(
      at.playbook(tenantId, names.playbook),
      aPlaybook({ title: word("Welcome") }),
    ),
    create(
      at.member(tenantId, aUid(names.member)),
      aMember({
        uid: aUid(names.member),
        name: word("Spare"),
        email: `${word("spare").replace(" ", "-")}@acme.example`,
        role: "VIEWER",
      }),
    ),
    ...names.invitations.map((id) => {
      const email = `${word(id).replace(" ", "-")}@invited.example`;
      return create(at.invitation(tenantId, id), {
        ...anInvitation(email, now),
        name: word("Invited"),
      });
    }),
    create(at.decision(tenantId, `decision-${names.card}`), {
      accountId,
      audience,
      stage: "assess",
      itemId: "globex_1",
      signalId: null,
      url: "https://globex.example/news/marathon",
      title: word("A marathon"),
      verdict: "dropped",
      reason: "below-relevance",
      detail: word("measured 0.31"),
      setting: null,
      traceId: "t",
    }),
    ...[names.resolution, `${names.resolution}-too`].map((id) =>
      create(at.resolution(tenantId, MessageId.parse(id)), {
        state: "open",
        received: tip.payload,
        title: word("Whose is it"),
        excerpt: word("It is somebody's."),
        candidates: [],
        audience,
        hint: { kind: "alias", value: word("Hooli") },
        receivedAt: now,
        decidedAt: null,
        decidedBy: null,
        assignedTo: null,
        messageId: null,
        reason: null,
        version: 1,
        traceId: "t",
        runId: null,
      }),
    ),
  ];
}
