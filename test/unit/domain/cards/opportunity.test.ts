import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { toReceipt } from "../../../../functions/src/domain/cards/claims.ts";
import { AccountId, Uid } from "../../../../functions/src/domain/kernel/ids.ts";
import {
  addMs,
  dayMs,
  hourMs,
} from "../../../../functions/src/domain/kernel/instant.ts";
import {
  Card,
  hashCard,
  toOpportunityId,
  OpportunityState,
  type OpportunityStatus,
} from "../../../../functions/src/domain/cards/opportunity.ts";
import {
  type Command,
  move,
} from "../../../../functions/src/domain/cards/transitions.ts";
import { aCard, now } from "./aCard.ts";

const ann = Uid.parse("ann");
const bob = Uid.parse("bob");
const before = addMs(now, -hourMs);
const card = aCard();
const approval = {
  by: ann,
  at: before,
  version: 4,
  contentHash: "the-approved-hash",
};

const states: { readonly [S in OpportunityStatus]: OpportunityState } = {
  draft: {
    status: "draft",
    by: ann,
    at: before,
    note: "shorter",
    waiting: null,
  },
  in_review: {
    status: "in_review",
    dueAt: addMs(now, hourMs),
    escalatedAt: null,
  },
  approved: { status: "approved", ...approval, undoUntil: addMs(now, 1) },
  activating: { status: "activating", ...approval },
  activated: { status: "activated", ...approval, settledAt: before },
  partially_activated: {
    status: "partially_activated",
    ...approval,
    settledAt: before,
  },
  activation_failed: {
    status: "activation_failed",
    ...approval,
    settledAt: before,
  },
  not_connected: {
    status: "not_connected",
    ...approval,
    settledAt: before,
  },
  rejected: {
    status: "rejected",
    by: ann,
    at: before,
    reason: "old_news",
    note: "",
  },
  snoozed: {
    status: "snoozed",
    by: ann,
    at: before,
    until: addMs(now, hourMs),
    reason: "budget",
  },
  expired: { status: "expired", at: before },
};

const done = { crm: "salesforce", state: "done" } as const;
const failed = { crm: "hubspot", state: "failed" } as const;
const commands: {
  readonly [K in Command["kind"]]: Extract<Command, { kind: K }>;
} = {
  approve: { kind: "approve", by: bob },
  withdraw: { kind: "withdraw", by: bob },
  reject: { kind: "reject", by: bob, reason: "duplicate", note: "seen" },
  reopen: { kind: "reopen", by: bob },
  refine: { kind: "refine", by: bob, note: "name the product" },
  edit: { kind: "edit", by: bob, index: 0, subject: "Hello", body: "Dear ..." },
  snooze: {
    kind: "snooze",
    by: bob,
    until: addMs(now, 2 * hourMs),
    reason: "later",
  },
  wake: { kind: "wake", by: "system:snooze-end" },
  expire: { kind: "expire" },
  escalate: { kind: "escalate" },
  present: { kind: "present", reviewHours: 48 },
  activate: { kind: "activate" },
  settle: { kind: "settle", activations: [done, failed] },
  retry: { kind: "retry" },
};

const reviewed = (hours: number): OpportunityState => ({
  status: "in_review",
  dueAt: addMs(now, hours * hourMs),
  escalatedAt: null,
});
const partly: OpportunityState = {
  status: "partially_activated",
  ...approval,
  settledAt: now,
};
const rejected: OpportunityState = {
  status: "rejected",
  by: bob,
  at: now,
  reason: "duplicate",
  note: "seen",
};
const activating: OpportunityState = { status: "activating", ...approval };

/** Every cell that is allowed; what is not here is refused. */
const allowed: Partial<
  Record<OpportunityStatus, Partial<Record<Command["kind"], OpportunityState>>>
> = {
  draft: { present: reviewed(48) },
  in_review: {
    approve: {
      status: "approved",
      by: bob,
      at: now,
      version: 8,
      contentHash: hashCard(card),
      undoUntil: addMs(now, 10_000),
    },
    reject: rejected,
    edit: states.in_review,
    refine: {
      status: "draft",
      by: bob,
      at: now,
      note: "name the product",
      waiting: null,
    },
    snooze: {
      status: "snoozed",
      by: bob,
      at: now,
      until: addMs(now, 2 * hourMs),
      reason: "later",
    },
    expire: { status: "expired", at: now },
    escalate: {
      status: "in_review",
      dueAt: addMs(now, hourMs),
      escalatedAt: now,
    },
    present: states.in_review,
  },
  approved: { withdraw: reviewed(24), activate: activating },
  activating: { settle: partly },
  activated: { settle: partly },
  partially_activated: {
    settle: states.partially_activated,
    retry: activating,
  },
  activation_failed: { settle: partly, retry: activating },
  not_connected: { settle: partly, retry: activating },
  rejected: { reopen: reviewed(24) },
  snoozed: { reject: rejected, wake: reviewed(24), present: reviewed(48) },
};

const statuses = Object.values(states).map(({ status }) => status);
const kinds = Object.values(commands).map(({ kind }) => kind);

describe("moving a card", () => {
  it("has every status of the schema and every command in its table", () => {
    expect(statuses.toSorted()).toEqual(
      OpportunityState.options
        .map(({ shape }) => shape.status.value)
        .toSorted(),
    );
    expect(statuses.length * kinds.length).toBe(154);
  });

  for (const status of statuses) {
    for (const kind of kinds) {
      const expected = allowed[status]?.[kind];
      it(`${status} × ${kind}: ${expected?.status ?? "refused"}`, () => {
        const state = states[status];
        const result = move({ state, card, version: 7 }, commands[kind], now);
        if (expected === undefined) {
          expect(result.ok).toBe(false);
          expect(result.ok ? "" : result.why).toMatch(/^(?:A|The) .+\.$/u);
          expect(result).not.toHaveProperty(
            "why",
            expect.stringContaining("_"),
          );
        } else {
          expect(result).toStrictEqual({ ok: true, state: expected });
          expect(OpportunityState.parse(expected)).toStrictEqual(expected);
        }
      });
    }
  }

  it("leaves what it was given as it was", () => {
    const given = structuredClone({ states, card });
    for (const status of statuses)
      for (const kind of kinds)
        move({ state: states[status], card, version: 7 }, commands[kind], now);
    expect({ states, card }).toEqual(given);
  });
});

describe("taking an approval back", () => {
  const approved = move(
    { state: states.in_review, card, version: 7 },
    commands.approve,
    now,
  );
  const after = (ms: number, command: Command = commands.withdraw) =>
    move(
      { state: approved.ok ? approved.state : states.draft, card, version: 8 },
      command,
      addMs(now, ms),
    );

  it("is possible up to the very end of the tenth second", () => {
    expect(after(0)).toMatchObject({
      ok: true,
      state: { status: "in_review" },
    });
    expect(after(10_000)).toMatchObject({
      ok: true,
      state: { status: "in_review" },
    });
  });

  it("is refused a millisecond later, with the reason", () => {
    expect(after(10_001)).toEqual({
      ok: false,
      why: "The approval can no longer be withdrawn: its ten seconds are over.",
    });
  });

  it("gives the review the tenant's own hours again, as waking and reopening do", () => {
    expect(after(5, { kind: "withdraw", by: bob, reviewHours: 48 })).toEqual({
      ok: true,
      state: {
        status: "in_review",
        dueAt: addMs(now, 48 * hourMs + 5),
        escalatedAt: null,
      },
    });
    expect(
      move(
        { state: states.snoozed, card, version: 7 },
        { kind: "wake", by: bob, reviewHours: 72 },
        now,
      ),
    ).toEqual({ ok: true, state: reviewed(72) });
    expect(
      move(
        { state: states.rejected, card, version: 7 },
        { kind: "reopen", by: bob, reviewHours: 72 },
        now,
      ),
    ).toEqual({ ok: true, state: reviewed(72) });
  });
});

describe("an approval", () => {
  it("is bound to the next version and to what the card says now", () => {
    const other = { ...card, summary: "Something else." };
    const hashes = [card, other].map((c) => {
      const result = move(
        { state: states.in_review, card: c, version: 41 },
        commands.approve,
        now,
      );
      expect(result).toMatchObject({ ok: true, state: { version: 42 } });
      return result.ok && result.state.status === "approved"
        ? result.state.contentHash
        : null;
    });
    expect(hashes).toEqual([hashCard(card), hashCard(other)]);
    expect(hashes[0]).not.toBe(hashes[1]);
  });

  it("keeps its person, version and hash through activation, failure and retry", () => {
    let state: OpportunityState = states.approved;
    for (const command of [
      commands.activate,
      { kind: "settle", activations: [failed] },
      commands.retry,
      { kind: "settle", activations: [done] },
    ] satisfies Command[]) {
      const result = move({ state, card, version: 7 }, command, now);
      expect(result).toMatchObject({ ok: true, state: approval });
      if (result.ok) state = result.state;
    }
    expect(state.status).toBe("activated");
  });
});

describe("settling", () => {
  const one = fc.constantFrom("pending", "done", "failed", "not_connected");
  it("follows from the states of the activations, in whatever order", () => {
    fc.assert(
      fc.property(fc.array(one, { maxLength: 6 }), (list) => {
        const activations = list.map((state) => ({
          crm: "hubspot" as const,
          state,
        }));
        const result = move(
          { state: activating, card, version: 7 },
          { kind: "settle", activations },
          now,
        );
        const connected = list.filter((s) => s !== "not_connected");
        const count = (state: string) => list.filter((s) => s === state).length;
        const expected =
          list.length === 0 || count("pending") > 0
            ? "activating"
            : connected.length === 0
              ? "not_connected"
              : count("failed") === 0
                ? "activated"
                : count("done") === 0
                  ? "activation_failed"
                  : "partially_activated";
        const isPart = connected.length > 0 && connected.length < list.length;
        const crms = isPart ? { crms: connected.map(() => "hubspot") } : {};
        expect(result).toStrictEqual({
          ok: true,
          state:
            expected === "activating"
              ? activating
              : { status: expected, ...approval, settledAt: now, ...crms },
        });
      }),
    );
  });

  it("again with the same result changes nothing, not even the moment", () => {
    for (const [status, activations] of [
      ["activated", [done]],
      ["partially_activated", [done, failed]],
      ["activation_failed", [failed]],
    ] as const) {
      expect(
        move(
          { state: states[status], card, version: 7 },
          { kind: "settle", activations },
          now,
        ),
      ).toStrictEqual({
        ok: true,
        state: states[status],
      });
    }
  });
});

describe("single rules of a move", () => {
  it("escalates once only", () => {
    const state: OpportunityState = {
      status: "in_review",
      dueAt: before,
      escalatedAt: before,
    };
    expect(move({ state, card, version: 7 }, commands.escalate, now)).toEqual({
      ok: false,
      why: "The card is already with the lead.",
    });
  });

  it("snoozes until a moment to come, at most 180 days ahead, and no other", () => {
    const snooze = (until: Date) =>
      move(
        { state: states.in_review, card, version: 7 },
        { ...commands.snooze, until },
        now,
      ).ok;
    expect(
      [
        addMs(now, 1),
        addMs(now, 180 * dayMs),
        now,
        addMs(now, -1),
        addMs(now, 180 * dayMs + 1),
        new Date(Number.NaN),
      ].map(snooze),
    ).toEqual([true, true, false, false, false, false]);
  });

  it("presents a card under review again without moving its deadline or its escalation", () => {
    const state: OpportunityState = {
      status: "in_review",
      dueAt: before,
      escalatedAt: before,
    };
    expect(move({ state, card, version: 7 }, commands.present, now)).toEqual({
      ok: true,
      state,
    });
  });
});

/** Every place in a card where a value stands, as a path. */
function leavesOf(
  value: unknown,
  path: readonly string[] = [],
): readonly (readonly string[])[] {
  if (value === null || typeof value !== "object") return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, [...path, key]),
  );
}

function altered(
  value: unknown,
  [key, ...rest]: readonly string[],
  to: (value: unknown) => unknown,
): unknown {
  if (key === undefined) return to(value);
  const step = (inner: unknown, at: string) =>
    at === key ? altered(inner, rest, to) : inner;
  if (Array.isArray(value))
    return value.map((inner: unknown, i) => step(inner, String(i)));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([at, inner]: [string, unknown]) => [
      at,
      step(inner, at),
    ]),
  );
}

/** A changed card that its schema would refuse, typed as one. */
const unchecked = z.custom<Card>(() => true);

const other = (value: unknown) =>
  typeof value === "number"
    ? value + 1
    : typeof value === "string"
      ? `${value}x`
      : "x";

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, shuffled(inner)]),
  );
}

describe("the content hash", () => {
  it("does not depend on the order of keys", () => {
    const turned = unchecked.parse(shuffled(card));
    expect(JSON.stringify(turned)).not.toBe(JSON.stringify(card));
    expect(hashCard(turned)).toBe(hashCard(card));
    expect(hashCard(Card.parse(turned))).toBe(hashCard(card));
  });

  it("changes with any value of the card", () => {
    const hashes = leavesOf(card).map((path) =>
      hashCard(unchecked.parse(altered(card, path, other))),
    );
    expect(hashes.length).toBeGreaterThan(50);
    expect(new Set([...hashes, hashCard(card)]).size).toBe(hashes.length + 1);
  });

  it("changes with the order of claims", () => {
    expect(hashCard({ ...card, claims: card.claims.toReversed() })).not.toBe(
      hashCard(card),
    );
  });
});

describe("what may be written as a card", () => {
  const faultsOf = (changed: unknown) =>
    Card.safeParse(changed).error?.issues.map(({ path }) => String(path[0])) ??
    [];
  const resealed = (changed: Card) => ({
    ...changed,
    receipt: toReceipt(changed.claims, changed.evidence),
  });

  it("is a card whose receipt fits", () => {
    expect(Card.parse(card)).toEqual(card);
  });

  it("is none of which a claim or a piece of evidence was changed anywhere", () => {
    const paths = leavesOf(card).filter(
      ([first]) => first === "claims" || first === "evidence",
    );
    expect(paths.length).toBeGreaterThan(12);
    for (const path of paths)
      expect(faultsOf(altered(card, path, other)), path.join(".")).not.toEqual(
        [],
      );
  });

  it("is none with a number of a claim changed, or an offset by one, or a quote's hash", () => {
    const change = (path: string, to: (value: unknown) => unknown) =>
      faultsOf(altered(card, path.split("."), to));
    expect(
      change("claims.0.text", (text) => String(text).replace("8", "9")),
    ).toEqual(["receipt"]);
    expect(change("evidence.0.start", (n) => Number(n) - 1)).toEqual([
      "receipt",
    ]);
    expect(change("evidence.0.quoteHash", () => "b".repeat(64))).toEqual([
      "receipt",
    ]);
    expect(change("receipt", () => toReceipt(card.claims, []))).toEqual([
      "receipt",
    ]);
    expect(change("receipt", () => "")).toEqual(["receipt"]);
  });

  it("is none without a FOUND claim", () => {
    expect(
      faultsOf(
        resealed({
          ...card,
          claims: [
            { kind: "CALCULATED", id: "n1", text: "Two", formula: "1 + 1" },
          ],
        }),
      ),
    ).toEqual(["claims"]);
  });

  it("is none whose inference rests on a claim that it does not hold", () => {
    const claims = card.claims.map((claim) =>
      claim.kind === "INFERRED" ? { ...claim, basis: ["nowhere"] } : claim,
    );
    expect(faultsOf(resealed({ ...card, claims }))).toEqual(["claims"]);
  });

  it("is none without the evidence of a FOUND claim", () => {
    expect(
      faultsOf(
        resealed({
          ...card,
          evidence: card.evidence.map((e) => ({ ...e, id: "e2" })),
        }),
      ),
    ).toEqual(["evidence"]);
    expect(faultsOf(resealed({ ...card, evidence: [] }))).toContain("evidence");
  });

  it("is none with two claims, or two pieces of evidence, of one id", () => {
    expect(
      faultsOf(resealed({ ...card, claims: [...card.claims, ...card.claims] })),
    ).toEqual(["claims"]);
    expect(
      faultsOf(
        resealed({ ...card, evidence: [...card.evidence, ...card.evidence] }),
      ),
    ).toEqual(["claims"]);
  });

  it("is one that an earlier verifier sealed, if it says so", () => {
    expect(
      faultsOf({
        ...card,
        receipt: toReceipt(card.claims, card.evidence, "0"),
      }),
    ).toEqual([]);
  });
});

describe("a card's id", () => {
  const acme = AccountId.parse("acme");
  it("says what the card is about", () => {
    expect(toOpportunityId(acme, "p", "c")).toBe(
      toOpportunityId(acme, "p", "c"),
    );
    const ids = [
      toOpportunityId(acme, "p", "c"),
      toOpportunityId(AccountId.parse("acm"), "ep", "c"),
      toOpportunityId(acme, "pc", ""),
      toOpportunityId(acme, null, "c"),
      toOpportunityId(acme, "p", "d"),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
