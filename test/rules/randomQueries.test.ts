import { randomUUID } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import { clientOf, loadRules } from "./client.ts";
import { type Fields, put } from "./emulatorRest.ts";
import { inLanes } from "./lanes.ts";
import { type Question, questionOf } from "./randomQuestions.ts";
import { changed, mayRead, worldOf, type World } from "./randomWorld.ts";

// A line that fails is asked again by its own: RULES_SEED=1 RULES_QUESTIONS=8123-8123
const seed = Number(process.env["RULES_SEED"] ?? 1);
const [first = 0, last = 9_999] = (process.env["RULES_QUESTIONS"] ?? "0-9999")
  .split("-")
  .map(Number);
const projectId = `random-${randomUUID().slice(0, 8)}`;
/** So many questions, then some members become something else. */
const era = 2_500;

beforeAll(async () => {
  await loadRules(projectId);
  await put(projectId, Object.fromEntries(worldOf(seed).documents));
});

it("no random query is answered with a document that domain/people/roles.ts does not let its asker read, and none that it does let them ask is denied", async () => {
  const counted = { allowed: 0, denied: 0, documents: 0, foreign: 0 };
  const wrong: string[] = [];
  for (let from = 0; from <= last; from += era) {
    const world = worldAt(from);
    await put(projectId, membersOf(world));
    const numbers = Array.from({ length: era }, (_, n) => from + n).filter(
      (n) => n >= first && n <= last,
    );
    await inLanes(numbers, 24, async (n) => {
      const question = questionOf(world, seed * 1_000_003 + n);
      const line = `RULES_SEED=${seed} RULES_QUESTIONS=${n}-${n} ${JSON.stringify(question)}`;
      const { answer, documents } = await asked(question).catch(
        (cause: unknown) => {
          throw new Error(line, { cause });
        },
      );
      const foreign = documents.filter(
        (path) => !mayRead(world, question.who, path),
      );
      counted[answer] += 1;
      counted.documents += documents.length;
      counted.foreign += foreign.length;
      const isExpected =
        question.expected === "either" || question.expected === answer;
      if (isExpected && foreign.length === 0) return;
      wrong.push(`${answer}, ${foreign.length} foreign: ${line}`);
    });
  }
  const { allowed, denied, documents, foreign } = counted;
  const all = allowed + denied;
  const share = (part: number) => `${((100 * part) / all).toFixed(0)} %`;
  console.log(
    `random queries: ${all} of seed ${seed}, ${allowed} allowed (${share(allowed)}), ${denied} denied (${share(denied)}); ${documents} documents answered, ${foreign} foreign`,
  );
  expect(wrong).toEqual([]);
  expect(foreign).toBe(0);
  if (all < 1_000) return;
  expect(allowed / all).toBeGreaterThan(0.25);
  expect(denied / all).toBeGreaterThan(0.25);
  expect(documents).toBeGreaterThan(all / 4);
}, 600_000);

/** The world of the seed as it is by that question. */
function worldAt(question: number): World {
  let world = worldOf(seed);
  for (let n = era; n <= question; n += era) world = changed(world, seed + n);
  return world;
}

function membersOf({ actors }: World): Readonly<Record<string, Fields>> {
  return Object.fromEntries(
    [...actors].map(([path, actor]) => [path, { ...actor }]),
  );
}

interface Answer {
  readonly answer: "allowed" | "denied";
  readonly documents: readonly string[];
}

/** Asks under the rules; a count that is answered where the list is not, or counts other than that, throws. */
async function asked(question: Question): Promise<Answer> {
  const client = clientOf(projectId, question.who);
  const denied = { answer: "denied", documents: [] } as const;
  if (question.kind === "get") {
    const { path } = question;
    const got = await client.get(path);
    return got ? { answer: "allowed", documents: [path] } : denied;
  }
  const { above, query, kind } = question;
  const count = kind === "count" ? await client.count(above, query) : null;
  const documents = await client.query(above, query);
  const length = documents === "denied" ? documents : documents.length;
  if (count !== null && count !== length)
    throw new Error(`${count} counted, ${length} listed`);
  return documents === "denied" ? denied : { answer: "allowed", documents };
}
