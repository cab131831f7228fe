import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

/** What was in flight while the workers were killed, as one test file leaves it to the other. */
const InFlight = z.object({
  traceId: z.string(),
  marks: z.array(z.string()),
  killed: z.int(),
  lastKillAt: z.coerce.date(),
});
type InFlight = z.infer<typeof InFlight>;

const fileOf = (suitePid: number) =>
  join(tmpdir(), `clientpulse-${suitePid}-killed-workers.json`);

/** Leaves word of what was in flight in the suite of this process. */
export async function leaveInFlight(
  suitePid: number,
  inFlight: InFlight,
): Promise<void> {
  await writeFile(fileOf(suitePid), JSON.stringify(inFlight));
}

/** What was in flight; says which file to run where nothing was left. */
export async function foundInFlight(suitePid: number): Promise<InFlight> {
  const text = await readFile(fileOf(suitePid), "utf8").catch(() => {
    throw new Error(
      "No workers were killed in this suite: run workersKilled.test.ts before.",
    );
  });
  return InFlight.parse(JSON.parse(text));
}
