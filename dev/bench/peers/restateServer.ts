import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "../../places.ts";
import { freePorts } from "../../ports.ts";
import type { Opening } from "./protocol.ts";
import { peersFolder } from "./places.ts";
import { type Server, startServer } from "./server.ts";

/** Restate's server: RESTATE_SERVER, or the package's; null where there is none. */
export function findRestate(env: NodeJS.ProcessEnv): string | null {
  const named = env["RESTATE_SERVER"] ?? "";
  const file =
    named === ""
      ? join(peersFolder, "node_modules/.bin/restate-server")
      : named;
  return existsSync(file) ? file : null;
}

/** A Restate server with its own defaults, but for whether it waits for the disk. */
export async function startRestate(
  file: string,
  isDurable: boolean,
): Promise<Server<NonNullable<Opening["restate"]>>> {
  const folder = await mkdtemp(join(tmpdir(), "clientpulse-restate-"));
  const ports = await freePorts();
  const isHasty = String(!isDurable);
  const adminUrl = `http://127.0.0.1:${ports.hub}`;
  const stop = await startServer(
    {
      name: "Restate",
      file,
      args: ["--no-logo", "--base-dir", folder, "--listen-mode", "tcp"],
      options: {
        env: {
          ...process.env,
          RESTATE_BIND_IP: "127.0.0.1",
          RESTATE_ADVERTISED_HOST: "127.0.0.1",
          RESTATE_BIND_PORT: String(ports.firestore),
          RESTATE_ADMIN__BIND_PORT: String(ports.hub),
          RESTATE_INGRESS__BIND_PORT: String(ports.hosting),
          RESTATE_DISABLE_TELEMETRY: "true",
          RESTATE_LOG_SERVER__ROCKSDB_DISABLE_WAL_FSYNC: isHasty,
          RESTATE_METADATA_SERVER__ROCKSDB_DISABLE_WAL_FSYNC: isHasty,
          RESTATE_LOG_FILTER: "warn",
        },
      },
      logFile: join(cacheFolder, "bench-restate.log"),
      ending: "SIGTERM",
    },
    async () => (await fetch(`${adminUrl}/health`)).ok,
  );
  return {
    at: {
      adminUrl,
      ingressUrl: `http://127.0.0.1:${ports.hosting}`,
      workerPort: ports.functions,
    },
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
