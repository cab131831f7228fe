import { z } from "zod";

/** How many steps a workflow has. */
export const stepCount = 7;

/** What a worker needs to know to begin. */
export const Opening = z.object({
  /** A database or project of its own, which a second worker shares with the one that was killed. */
  database: z.string(),
  /** Whether this worker takes over from one that was killed. */
  again: z.boolean(),
  /** A PostgreSQL server, without a database. */
  postgresUrl: z.string().nullable(),
  restate: z
    .object({
      ingressUrl: z.string(),
      adminUrl: z.string(),
      /** Where the worker listens for the server. */
      workerPort: z.int(),
    })
    .nullable(),
});
export type Opening = z.infer<typeof Opening>;

const workflows = z.int().positive();

/** What a worker is asked. */
export const Question = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("open"), opening: Opening }),
  /** One workflow after the other. */
  z.object({ kind: z.literal("alone"), workflows }),
  /** So many workflows in all, `width` of them at once. */
  z.object({ kind: z.literal("wide"), workflows, width: z.int().positive() }),
  /** All at once; the answer comes when `steps` of their steps are done. */
  z.object({
    kind: z.literal("flood"),
    workflows,
    steps: z.int().positive(),
  }),
  z.object({ kind: z.literal("ledger") }),
]);
export type Question = z.infer<typeof Question>;

/** How long each workflow took. */
export const Alone = z.object({ ms: z.array(z.number()) });

/** How long all of them took, and the worker's own CPU time meanwhile. */
export const Wide = z.object({ seconds: z.number(), cpuMs: z.number() });

/** How many workflows were not done yet. */
export const Flood = z.object({ open: z.int() });

/** How many steps' effects were applied, and how many of those more than once. */
export const Ledger = z.object({ applied: z.int(), doubled: z.int() });
export type Ledger = z.infer<typeof Ledger>;

/** What a worker answers: an error where it could not. */
export const Answer = z.object({
  value: z.unknown(),
  error: z.string().nullable(),
});

/** The ids of the rows that a workflow works on: the one that each step reads, and one for each step's effect. */
export function toRowIds(workflow: string): readonly string[] {
  return [
    toItemId(workflow),
    ...Array.from({ length: stepCount }, (_, n) => toEffectId(workflow, n)),
  ];
}

/** The row that every step of a workflow reads. */
export function toItemId(workflow: string): string {
  return `${workflow}_item`;
}

/** The row that a step reads and whose count it raises by one. */
export function toEffectId(workflow: string, step: number): string {
  return `${workflow}_${step}`;
}

/** What each row carries besides its count: as long as a short signal. */
export const rowText = "A text of a signal's length. ".repeat(20);
