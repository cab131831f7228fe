import type { IncomingMessage, Server } from "node:http";
import { z } from "zod";

/** A server that listens. */
interface Listening {
  readonly url: string;
  /** Ends its connections too. */
  readonly close: () => Promise<void>;
}

/** Has a server listen on 127.0.0.1, 0 being any free port. Rejects where the port is taken. */
export async function listenOn(
  server: Server,
  port: number,
): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = z.object({ port: z.int() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A request's body as text; rejects where the request breaks off. */
export async function bodyText(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request)
    chunks.push(z.instanceof(Uint8Array).parse(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/** A body as JSON; null where it is none. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
