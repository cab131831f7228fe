import { randomUUID } from "node:crypto";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

type Listener = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>;

/**
 * Has the next HTTP server of this process hand its requests to the listener, and to nobody else.
 *
 * The platform's framework loads our module, and then makes a server that parses and inflates each body, up to 1 GiB
 * of it, and answers in HTML what it cannot parse, all before a function is called. It offers no way to turn that off.
 * But it makes its server by `http.createServer`, after our module has been loaded: so what it would have the server
 * call is left out, and the framework goes on to start, listen and end as before. test/emulator/deployedApi.test.ts
 * holds this to the very framework that functions/package.json names, which is the one that the cloud starts.
 */
export function takeOverNextServer(listener: Listener): void {
  const { createServer } = http;
  Object.assign(http, {
    createServer: () => {
      Object.assign(http, { createServer });
      return serverOf(listener);
    },
  });
}

/** A server all of whose answers come from the listener, or are problems: also to what is no HTTP. */
export function serverOf(listener: Listener): http.Server {
  const listen = (request: IncomingMessage, response: ServerResponse) =>
    void listener(request, response);
  // A request without a host is the listener's to refuse.
  const server = http.createServer({ requireHostHeader: false }, listen);
  server.on("checkContinue", (request, response) => {
    void invite(request, response).then(() => listen(request, response));
  });
  // What else somebody expects, nobody here gives: it is no reason to refuse (RFC 9110, section 10.1.1).
  server.on("checkExpectation", listen);
  server.on("clientError", (error, socket) => void refuse(error, socket));
  return server;
}

/** Asks for the body, unless it will not be read. */
async function invite(
  { headers, url = "" }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { isTaken } = await import("../api/http/bodies.ts");
  const [path = ""] = url.split("?");
  if (
    isTaken(path, {
      encoding: headers["content-encoding"],
      length: headers["content-length"],
    })
  )
    response.writeContinue();
}

/** Answers what could not be read as a request, and ends the connection. */
async function refuse(error: Error, socket: Duplex): Promise<void> {
  const { unreadProblem } = await import("../api/http/problem.ts");
  const code = "code" in error ? String(error.code) : "";
  if (code === "ECONNRESET" || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const problem = unreadProblem(statusOf(code), randomUUID());
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

function statusOf(code: string) {
  if (code === "HPE_HEADER_OVERFLOW") return 431;
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
}
