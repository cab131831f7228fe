import {
  type Alone,
  type Flood,
  type Ledger,
  type Opening,
  Question,
  type Wide,
} from "./protocol.ts";
import type { z } from "zod";

/** One way to do the work: it runs in this process, on a database that is not part of it. */
export interface Contender {
  /** Writes the rows of new workflows. */
  readonly seed: (workflows: readonly string[]) => Promise<void>;
  /** Starts a workflow and resolves once it is done. */
  readonly run: (workflow: string) => Promise<void>;
  /** What all workflows of the database have done so far. */
  readonly ledger: () => Promise<Ledger>;
}

/** Opens a contender, which calls `stepDone` after each step whose effect is applied. */
type Open = (opening: Opening, stepDone: () => void) => Promise<Contender>;

/** Makes this process a worker: it answers the questions of the benchmark until that is gone. */
export function serve(open: Open): void {
  let contender: Contender | null = null;
  let stepDone: () => void = () => undefined;
  const answer = async (question: Question): Promise<unknown> => {
    if (question.kind === "open") {
      contender = await open(question.opening, () => stepDone());
      return null;
    }
    if (contender === null) throw new Error("The worker is not open yet.");
    switch (question.kind) {
      case "alone":
        return runAlone(question.workflows, contender);
      case "wide":
        return runWide(question, contender);
      case "flood":
        return flood(question, contender, (heard) => (stepDone = heard));
      case "ledger":
        return contender.ledger();
    }
  };
  process.on("message", (message) => {
    void answer(Question.parse(message)).then(
      (value) => process.send?.({ value, error: null }),
      (error: unknown) =>
        process.send?.({
          value: null,
          error: error instanceof Error ? (error.stack ?? "") : String(error),
        }),
    );
  });
  process.on("disconnect", () => process.exit(0));
}

let named = 0;

async function seeded(
  count: number,
  { seed }: Contender,
): Promise<readonly string[]> {
  const workflows = Array.from({ length: count }, () => `w${named++}`);
  await seed(workflows);
  return workflows;
}

async function runAlone(
  count: number,
  contender: Contender,
): Promise<z.infer<typeof Alone>> {
  const ms: number[] = [];
  for (const workflow of await seeded(count, contender)) {
    const begunAt = performance.now();
    await contender.run(workflow);
    ms.push(performance.now() - begunAt);
  }
  return { ms };
}

async function runWide(
  { workflows, width }: { readonly workflows: number; readonly width: number },
  contender: Contender,
): Promise<z.infer<typeof Wide>> {
  const waiting = [...(await seeded(workflows, contender))];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      await contender.run(next);
  };
  const begunAt = performance.now();
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: width }, lane));
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - begunAt) / 1_000;
  return { seconds, cpuMs: (user + system) / 1_000 };
}

/** Starts them all and does not wait for their end, which this process is not to see. */
async function flood(
  asked: { readonly workflows: number; readonly steps: number },
  contender: Contender,
  listen: (heard: () => void) => void,
): Promise<z.infer<typeof Flood>> {
  const workflows = await seeded(asked.workflows, contender);
  let open = workflows.length;
  let steps = 0;
  return new Promise((resolve, reject) => {
    listen(() => {
      steps += 1;
      if (steps === asked.steps) resolve({ open });
    });
    for (const workflow of workflows)
      void contender.run(workflow).then(() => (open -= 1), reject);
  });
}
