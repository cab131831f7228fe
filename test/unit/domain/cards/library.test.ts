import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  matchPlaybook,
  Playbook,
} from "../../../../functions/src/domain/cards/library.ts";
import { Category } from "../../../../functions/src/domain/signals/signal.ts";
import { SignalType } from "../../../../functions/src/domain/sources/source.ts";
import { now } from "./aCard.ts";

const aPlaybook = (id: string, changes: Partial<Playbook> = {}) => ({
  id,
  data: Playbook.parse({
    schemaVersion: 1,
    createdAt: now,
    updatedAt: now,
    title: "T",
    categories: ["funding"],
    types: [],
    action: "Call",
    outreach: [],
    active: true,
    ...changes,
  }),
});
const matched = (...playbooks: ReturnType<typeof aPlaybook>[]) =>
  matchPlaybook("funding", "news", playbooks)?.id ?? null;

describe("the playbook for a signal", () => {
  it("is one that names its category, names its type or none, and is active", () => {
    expect(matched(aPlaybook("a"))).toBe("a");
    expect(matched(aPlaybook("a", { types: ["news", "job"] }))).toBe("a");
    expect(matched(aPlaybook("a", { categories: ["hiring"] }))).toBeNull();
    expect(matched(aPlaybook("a", { types: ["job"] }))).toBeNull();
    expect(matched(aPlaybook("a", { active: false }))).toBeNull();
    expect(matched()).toBeNull();
  });

  it("names its type before it is specific, is specific before it comes first", () => {
    const typed = aPlaybook("z", {
      types: ["news"],
      categories: ["funding", "hiring", "legal"],
    });
    const narrow = aPlaybook("y");
    const wide = aPlaybook("a", { categories: ["funding", "hiring"] });
    expect(matched(wide, narrow, typed)).toBe("z");
    expect(matched(wide, narrow)).toBe("y");
    expect(matched(aPlaybook("y"), aPlaybook("B"), aPlaybook("x"))).toBe("B");
  });

  it("does not depend on the order of the playbooks, even of ids that look alike", () => {
    const id = fc.oneof(
      fc.string({ minLength: 1, maxLength: 4 }),
      fc.constantFrom("e\u0301", "é", "a", "a\u0000", "a\u00ad", "A"),
    );
    const list = fc.uniqueArray(
      fc.record({
        id,
        categories: fc.subarray(Category.options.slice(0, 4), {
          minLength: 1,
        }),
        types: fc.subarray([...SignalType.options]),
        active: fc.boolean(),
      }),
      { selector: (one) => one.id, maxLength: 8 },
    );
    fc.assert(
      fc.property(
        list.chain((all) =>
          fc.tuple(
            fc.constant(all),
            fc.shuffledSubarray(all, { minLength: all.length }),
          ),
        ),
        ([one, other]) => {
          const of = (all: typeof one) =>
            matched(
              ...all.map(({ id: name, ...rest }) => aPlaybook(name, rest)),
            );
          expect(of(other)).toBe(of(one));
        },
      ),
    );
    expect(matched(aPlaybook("a\u00ad"), aPlaybook("a"))).toBe(
      matched(aPlaybook("a"), aPlaybook("a\u00ad")),
    );
  });
});
