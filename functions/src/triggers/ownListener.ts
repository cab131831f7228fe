import { randomUUID } from "node:crypto";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

type Listener = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>;

/**
 * Makes the next HTTP server of this process hand its requests to the listener only.
 *
 * The platform's framework loads our module and then creates a server that parses and inflates every body, up to 1 GiB,
 * and answers what it cannot parse with HTML, all before a function is called. It offers no way to turn that off. But it
 * calls `http.createServer` after our module is loaded, so we replace the listener that it passes; the framework starts,
 * listens and stops as before. test/emulator/deployedApi.test.ts checks this with the framework version that
 * functions/package.json names, which is the one that the cloud runs.
 */
export function takeOverNextServer(listener: Listener): void {
  const { createServer } = http;
  Object.assign(http, {
    createServer: () => {
      Object.assign(http, { createServer });
      return createOwnServer(listener);
    },
  });
}

/** A server whose answers all come from the listener or are problems, even to requests that are not valid HTTP. */
export function createOwnServer(listener: Listener): http.Server {
  const listen = (request: IncomingMessage, response: ServerResponse) =>
    void listener(request, response);
  // The listener refuses requests without a host.
  const server = http.createServer({ requireHostHeader: false }, listen);
  server.on("checkContinue", (request, response) => {
    void invite(request, response).then(() => listen(request, response));
  });
  // Other expectations are not supported, which is no reason to refuse (RFC 9110, section 10.1.1).
  server.on("checkExpectation", listen);
  server.on("clientError", (error, socket) => void refuse(error, socket));
  return server;
}

/** Asks for the body, unless it would be refused. */
async function invite(
  { headers, url = "" }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { isAcceptable } = await import("../api/http/bodies.ts");
  const [path = ""] = url.split("?");
  if (
    isAcceptable(path, {
      encoding: headers["content-encoding"],
      length: headers["content-length"],
    })
  )
    response.writeContinue();
}

/** Answers what could not be parsed as a request, and closes the connection. */
async function refuse(error: Error, socket: Duplex): Promise<void> {
  const { unreadProblem } = await import("../api/http/problem.ts");
  const code = "code" in error ? String(error.code) : "";
  if (code === "ECONNRESET" || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const problem = unreadProblem(errorStatus(code), randomUUID());
  const body = JSON.stringify(problem);
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${http.STATUS_CODES[problem.status]}`,
      "Content-Type: application/problem+json",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "Cache-Control: no-store",
      "Connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}

function errorStatus(code: string) {
  if (code === "HPE_HEADER_OVERFLOW") return 431;
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
}
