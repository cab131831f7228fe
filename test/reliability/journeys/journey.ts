import { documents, type Dumped } from "../../support/dump.ts";
import type { Fault, Point } from "../../support/faults.ts";
import { type Crms, startCrms, type World } from "../../support/world.ts";

/** Told of each point that a process passes, by the process's name; says what ends it there. */
export type Strike = (process: string, point: Point) => Fault | null;

/** What a journey came to: its documents, and what was counted outside. */
export interface Came {
  readonly documents: readonly Dumped[];
  readonly counted: Readonly<Record<string, number>>;
}

/** A story that is played from its beginning to its end, whatever strikes once on the way. */
export interface Journey {
  readonly name: string;
  /** The processes that are ended in it; the others are those of another journey. */
  readonly own: readonly string[];
  readonly play: (strike: Strike) => Promise<Came>;
  /** How much more may be counted where a run ends at this point; nothing otherwise. */
  readonly allowed?: (point: Point) => Readonly<Record<string, number>>;
}

/** Plays a story in a world of its own, and counts what came of it in the CRMs' ledgers. */
export async function played(
  open: (crms: Crms) => Promise<World>,
  strike: Strike,
  story: (world: World) => Promise<Readonly<Record<string, number>>>,
): Promise<Came> {
  const crms = await startCrms();
  const world = await open(crms);
  world.watch(strike);
  const counted = await story(world);
  const dumped = await documents(world.database.db);
  const [sales, hub] = [crms.salesforce.ledger(), crms.hubspot.ledger()];
  await Promise.all([world.close(), crms.close()]);
  return {
    documents: dumped,
    counted: {
      ...counted,
      salesforceTasks: sales.tasks.length,
      hubspotTasks: hub.tasks.length,
      hubspotNotes: hub.notes.length,
    },
  };
}
