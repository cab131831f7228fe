import { createServer, type Server } from "node:net";
import { z } from "zod";
import { describeHolder } from "./processes.ts";

/** The ports of a suite, by what listens there. */
export const Ports = z.object({
  hosting: z.int(),
  functions: z.int(),
  firestore: z.int(),
  auth: z.int(),
  pubsub: z.int(),
  tasks: z.int(),
  eventarc: z.int(),
  hub: z.int(),
  logging: z.int(),
  websocket: z.int(),
  replay: z.int(),
  salesforce: z.int(),
  hubspot: z.int(),
});
export type Ports = z.infer<typeof Ports>;

const usualPorts: Ports = {
  hosting: 5000,
  functions: 5001,
  firestore: 8080,
  auth: 9099,
  pubsub: 8085,
  tasks: 9499,
  eventarc: 9299,
  hub: 4400,
  logging: 4500,
  websocket: 9150,
  replay: 5010,
  salesforce: 5011,
  hubspot: 5012,
};

const names = z.array(Ports.keyof()).parse(Object.keys(usualPorts));
const host = "127.0.0.1";

/** The usual ports, or those that HOSTING_PORT, FUNCTIONS_PORT and so on name; throws what is wrong with one. */
export function portsFrom(env: NodeJS.ProcessEnv): Ports {
  const chosen = names.map((name) => {
    const variable = portVariable(name);
    const text = env[variable];
    if (text === undefined || text === "") return [name, usualPorts[name]];
    const port = Number(text);
    if (Number.isInteger(port) && port > 0 && port < 65_536)
      return [name, port];
    throw new Error(`${variable} is "${text}", which is not a port.`);
  });
  return Ports.parse(Object.fromEntries(chosen));
}

/**
 * Ports that nothing listens on at the moment, from below those that systems hand out
 * to connections: one of these could be gone before a slow server gets to it.
 */
export async function freePorts(): Promise<Ports> {
  const free: [string, number][] = [];
  let port = 15_000 + Math.floor(Math.random() * 15_000);
  for (const name of names) {
    while (!(await isFree(port))) port += 1;
    free.push([name, port]);
    port += 1;
  }
  return Ports.parse(Object.fromEntries(free));
}

async function isFree(port: number): Promise<boolean> {
  return listen(port)
    .then(close)
    .then(
      () => true,
      () => false,
    );
}

/** Throws one line per port that is taken: which, what for, by whom, and how to choose another. */
export async function assertFree(ports: Ports): Promise<void> {
  const taken: string[] = [];
  for (const name of names) {
    const port = ports[name];
    try {
      await close(await listen(port));
    } catch (cause) {
      const holder = (await describeHolder(port)) ?? "another program";
      const why =
        cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE"
          ? `is held by ${holder}`
          : `cannot be opened (${String(cause)})`;
      taken.push(
        `Port ${port} (${name}) ${why}: end that, or choose another port with ${portVariable(name)}.`,
      );
    }
  }
  if (taken.length > 0) throw new Error(taken.join("\n"));
}

/** The environment variable that moves a port. */
function portVariable(name: keyof Ports): string {
  return `${name.toUpperCase()}_PORT`;
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port, host }, () => {
      resolve(server);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
