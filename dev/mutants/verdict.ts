import { randomUUID } from "node:crypto";
import { beyond } from "../../test/rules/beyond.ts";
import { type Case, differences } from "../../test/rules/cases.ts";
import { cells } from "../../test/rules/cells.ts";
import { documents } from "../../test/rules/database.ts";
import { put, useRules } from "../../test/rules/emulatorRest.ts";
import type { Mutant } from "./mutants.ts";

/** What became of a mutant: the case that told it from the rules, or why it does not compile. */
export interface Verdict {
  readonly mutant: Mutant;
  readonly outcome: "killed" | "survived" | "not compiled";
  readonly by: string;
}

const cases: readonly Case[] = [...cells, ...beyond];
/** How many mutants each case killed: who killed many is asked early. */
const kills = new Map<string, number>();

/** Judges rules one after the other, in a project of the emulator of its own; in a new one after somebody could write. */
export function judge(): (mutant: Mutant) => Promise<Verdict> {
  let project: Promise<string> | null = null;
  return async (mutant) => {
    const projectId = await (project ??= newProject());
    const wrong = await useRules(projectId, mutant.source);
    if (wrong !== null) return { mutant, outcome: "not compiled", by: wrong };
    const found = await differences(inOrder(mutant), projectId, true);
    if (found.some(({ writes }) => writes)) project = null;
    const [first] = found;
    if (first === undefined) return { mutant, outcome: "survived", by: "" };
    kills.set(first.name, (kills.get(first.name) ?? 0) + 1);
    return { mutant, outcome: "killed", by: first.name };
  };
}

async function newProject(): Promise<string> {
  const projectId = `mutant-${randomUUID().slice(0, 8)}`;
  await put(projectId, documents());
  return projectId;
}

/** First what asks of the collection that the mutant changed, then what has killed before. */
function inOrder({ where, replacement }: Mutant): readonly Case[] {
  const near = `${where} ${replacement}`;
  const isNear = ({ collection }: Case) =>
    near.includes(`/${collection.split("/").at(-1) ?? ""}/`);
  const countKills = ({ name }: Case) => kills.get(name) ?? 0;
  const close = cases.filter(isNear);
  const far = cases.filter((other) => !isNear(other));
  return [close, far].flatMap((some) =>
    some.toSorted((a, b) => countKills(b) - countKills(a)),
  );
}
