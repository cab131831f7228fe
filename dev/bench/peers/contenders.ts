import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Opening } from "./protocol.ts";
import { peersFolder } from "./places.ts";
import { findPostgres, startPostgres } from "./postgres.ts";
import { findRestate, startRestate } from "./restateServer.ts";

export const names = [
  "ours",
  "bare chain",
  "DBOS",
  "graphile-worker",
  "Restate",
] as const;
export type Name = (typeof names)[number];

/** The worker of each, by its file. */
export const files: Readonly<Record<Name, string>> = {
  ours: "ours.ts",
  "bare chain": "bare.ts",
  DBOS: "dbos.mjs",
  "graphile-worker": "graphile.mjs",
  Restate: "restate.mjs",
};

/** Who is measured, on which servers, and what to do to have the others measured too. */
export interface Field {
  readonly contenders: readonly Name[];
  readonly servers: Pick<Opening, "postgresUrl" | "restate">;
  /** A sentence for each thing that is not there. */
  readonly missing: readonly string[];
  /** Whether the servers wait for their disk, which PEERS_FSYNC=off has them not do: the Firestore emulator has none. */
  readonly isDurable: boolean;
  readonly stop: () => Promise<void>;
}

/** Starts the servers of whatever is installed. */
export async function openField(env: NodeJS.ProcessEnv): Promise<Field> {
  const { postgresBin, restateFile, missing } = await find(env);
  const isDurable = env["PEERS_FSYNC"] !== "off";
  if (postgresBin === null)
    return {
      contenders: ["ours", "bare chain"],
      servers: { postgresUrl: null, restate: null },
      missing,
      isDurable,
      stop: async () => undefined,
    };
  const postgres = await startPostgres(postgresBin, isDurable);
  try {
    const restate =
      restateFile === null ? null : await startRestate(restateFile, isDurable);
    return {
      contenders: names.filter(
        (name) => name !== "Restate" || restate !== null,
      ),
      servers: { postgresUrl: postgres.at, restate: restate?.at ?? null },
      missing,
      isDurable,
      stop: async () => {
        await restate?.stop();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** Every peer has its rows in PostgreSQL: without that, and without the packages, there is none. */
async function find(env: NodeJS.ProcessEnv) {
  const packages = [
    "@dbos-inc/dbos-sdk",
    "@restatedev/restate-sdk",
    "graphile-worker",
    "pg",
  ];
  const areInstalled = packages.every((name) =>
    existsSync(join(peersFolder, "node_modules", name)),
  );
  const bin = await findPostgres(env);
  const postgresBin = areInstalled ? bin : null;
  const restateFile = findRestate(env);
  const missing = [
    areInstalled
      ? null
      : "The peers are not installed: `npm ci --prefix dev/bench/peers` does it.",
    bin === null
      ? "PostgreSQL is not there: `apt-get install postgresql` brings it, or PG_BIN names the folder of its programs."
      : null,
    restateFile === null
      ? "Restate's server, whose licence (BSL) is not permissive, is not installed with the others: `npm install --no-save --prefix dev/bench/peers @restatedev/restate-server@1.7.12` does it, or RESTATE_SERVER names its file."
      : null,
  ].filter((sentence) => sentence !== null);
  return { postgresBin, restateFile, missing };
}
