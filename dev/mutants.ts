import { beyond } from "../test/rules/beyond.ts";
import { cells } from "../test/rules/cells.ts";
import { rules } from "../test/rules/client.ts";
import { rows } from "../test/rules/expected.ts";
import { inLanes } from "../test/rules/lanes.ts";
import { startFirestoreAlone } from "./firestoreAlone.ts";
import { equivalent } from "./mutants/equivalent.ts";
import { type Mutant, makeMutants, toUnchanged } from "./mutants/mutants.ts";
import { toReport } from "./mutants/report.ts";
import { judge, type Verdict } from "./mutants/verdict.ts";

const lanes = 3;

/**
 * Puts each mistake into firestore.rules and asks the cases of test/rules until one notices; with an argument only
 * those whose sort or id holds it. Returns the exit code.
 */
async function main(): Promise<number> {
  const startedAt = performance.now();
  const all = makeMutants(rules, deniedCollections());
  const [only = ""] = process.argv.slice(2);
  const mutants = all.filter(({ id, sort }) => `${sort} ${id}`.includes(only));
  const given = process.env["FIRESTORE_EMULATOR_HOST"];
  const alone = given === undefined ? await startFirestoreAlone() : null;
  process.env["FIRESTORE_EMULATOR_HOST"] = given ?? alone?.host;
  const verdicts = await judgeAll(mutants).finally(() => alone?.stop());
  const { table, failures } = toReport(verdicts, equivalent, only === "");
  console.log([...table, ...failures].join("\n"));
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  console.log(
    `${mutants.length} mutants against ${cells.length} cells and ${beyond.length} cases beyond them in ${seconds} s`,
  );
  return failures.length === 0 ? 0 : 1;
}

/** The collections that no rule may name. */
function deniedCollections(): readonly string[] {
  return rows
    .filter(({ letters }) => letters.every(([, may]) => may === ""))
    .map(({ collection }) => collection)
    .filter((collection) => collection !== "system");
}

async function judgeAll(
  mutants: readonly Mutant[],
): Promise<readonly Verdict[]> {
  // Where the rules themselves are not as expected, each mutant would count as killed.
  const [now] = await verdictsOn([toUnchanged(rules)]);
  if (now?.outcome !== "survived")
    throw new Error(`The rules themselves fail: ${now?.by ?? ""}`);
  return verdictsOn(mutants);
}

async function verdictsOn(
  mutants: readonly Mutant[],
): Promise<readonly Verdict[]> {
  const judges = Array.from({ length: lanes }, judge);
  const verdicts: Verdict[] = [];
  await inLanes(mutants, lanes, async (mutant, lane) => {
    const verdict = await judges[lane]?.(mutant);
    if (verdict === undefined) return;
    verdicts.push(verdict);
    if (verdicts.length % 50 === 0)
      console.log(`${verdicts.length} of ${mutants.length}`);
  });
  return verdicts;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => process.exit(1));
}
process.exit(await main());
