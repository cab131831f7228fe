import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";

/** A vendor on the wire: a server on a free local port that answers as the test says. */
export async function localServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{
  readonly url: string;
  readonly close: () => Promise<void>;
}> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the server has no port");
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
