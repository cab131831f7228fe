import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { layOutHere } from "../../dev/deploy/layOut.ts";
import { cacheFolder } from "../../dev/places.ts";
import { localServer } from "./localServer.ts";

const Asked = z.object({ localId: z.tuple([z.string()]) });

/** The function `api` as the cloud runs it: the bundle, started by the functions framework of its own package.json. */
export interface DeployedApi {
  readonly port: number;
  /** What the process wrote to its log so far. */
  readonly log: () => string;
  readonly close: () => Promise<void>;
}

/** Starts the function on a free port, against the emulators of the environment. */
export async function deployedApi(projectId: string): Promise<DeployedApi> {
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(join(cacheFolder, "deployed-"));
  await layOutHere(folder);
  const port = await freePort();
  // The Auth emulator, as far as it is asked: whether there is such an account.
  const accounts = await localServer((request, response) => {
    void text(request).then((asked) => {
      const [localId] = Asked.parse(JSON.parse(asked)).localId;
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ users: [{ localId, validSince: "0" }] }));
    });
  });
  const child = spawn(
    process.execPath,
    // What the buildpack of the cloud starts where a package names its framework.
    [join(folder, "node_modules/.bin/functions-framework")],
    {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        PORT: String(port),
        FUNCTION_TARGET: "api",
        FUNCTION_SIGNATURE_TYPE: "http",
        K_SERVICE: "api",
        GCLOUD_PROJECT: projectId,
        GOOGLE_CLOUD_PROJECT: projectId,
        FIREBASE_CONFIG: JSON.stringify({ projectId }),
        // A deploy writes down what each parameter has where nobody set it.
        API_READS_PER_MINUTE: "100000",
        API_COMMANDS_PER_MINUTE: "100000",
        // Where this is set, an ID token needs no signature.
        FIREBASE_AUTH_EMULATOR_HOST: accounts.url.replace("http://", ""),
      },
    },
  );
  let log = "";
  const isUp = new Promise<void>((resolve, reject) => {
    const read = (data: Buffer) => {
      log += data.toString();
      if (log.includes("URL: http")) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", () => reject(new Error(`It did not start:\n${log}`)));
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const close = async () => {
    child.kill();
    await ended;
    await accounts.close();
    await rm(folder, { recursive: true });
  };
  await isUp;
  return { port, log: () => log, close };
}

/** An ID token as the Auth emulator gives it, without a signature. */
export function unsignedToken(
  projectId: string,
  uid: string,
  tenants: readonly string[],
): string {
  const part = (json: object) =>
    Buffer.from(JSON.stringify(json)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: `https://securetoken.google.com/${projectId}`,
    aud: projectId,
    sub: uid,
    user_id: uid,
    auth_time: now,
    iat: now,
    exp: now + 3600,
    tenants,
  };
  return `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("none");
  return address.port;
}
