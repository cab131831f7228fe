import { createServer, type IncomingMessage } from "node:http";
import { z } from "zod";

/** What goes wrong with the next `times` requests; without a status the connection is cut, with `hang` there is no answer at all. */
export const Fault = z.strictObject({
  on: z.enum(["write", "any"]).default("write"),
  times: z.int().positive().default(1),
  status: z.int().min(299).max(599).optional(),
  hang: z.boolean().default(false),
  /** Whether the request was applied before it went wrong. */
  after: z.enum(["before", "apply"]).default("before"),
  /** Seconds of the Retry-After header. */
  retryAfter: z.int().nonnegative().optional(),
  /** Where a redirect leads to. */
  location: z.string().optional(),
  body: z.unknown().optional(),
});
export type Fault = z.input<typeof Fault>;

/** A request as a stand-in sees it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string;
  readonly text: string;
}

/** What a stand-in answers: JSON, or a page where the body is a string. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** A record that a CRM stand-in holds, as its ledger lists it. */
export interface LedgerEntry {
  readonly id: string;
  readonly key: string;
  readonly subject: string;
  readonly accountId: string | null;
  readonly createdAt: string;
}

/** What a CRM stand-in was asked and what it holds, oldest first. */
export interface Ledger {
  readonly tasks: readonly LedgerEntry[];
  readonly notes: readonly LedgerEntry[];
  readonly requests: number;
  readonly signIns: number;
}

/** A running stand-in. */
export interface CrmStandIn {
  readonly url: string;
  readonly ledger: () => Ledger;
  /** Queues a fault for requests to come. */
  readonly fail: (fault: Fault) => void;
  /** By which clock it says when its records were created, instead of the machine's. */
  readonly setClock: (now: () => Date) => void;
  readonly close: () => Promise<void>;
}

interface Vendor {
  readonly answer: (asked: Asked, now: Date) => Answer;
  readonly isWrite: (asked: Asked) => boolean;
  readonly held: () => Omit<Ledger, "requests">;
}

export interface Options {
  /** 0 for any free port. */
  readonly port: number;
  /** Decides on a fault per write, besides those queued by `fail`. */
  readonly chaos?: () => Fault | null;
  /** Seconds until a request is taken again, where there have been too many; null lets it through. */
  readonly limit?: () => number | null;
}

/** Serves a vendor on 127.0.0.1, with `GET /__ledger` and `POST /__faults` beside its API. Rejects where the port is taken. */
export async function serveCrm(
  vendor: Vendor,
  { port, chaos = () => null, limit = () => null }: Options,
): Promise<CrmStandIn> {
  const faults: z.output<typeof Fault>[] = [];
  let requests = 0;
  let now = () => new Date();
  const ledger = (): Ledger => ({ ...vendor.held(), requests });
  const fail = (fault: Fault) => {
    const { times, ...one } = Fault.parse(fault);
    for (let n = 0; n < times; n++) faults.push({ ...one, times: 1 });
  };

  function nextFault(asked: Asked) {
    if (asked.path.startsWith("/__")) return null;
    requests += 1;
    const retryAfter = limit();
    if (retryAfter !== null)
      return Fault.parse({ status: 429, retryAfter, body: limitBody });
    const isWrite = vendor.isWrite(asked);
    const next = faults.findIndex(({ on }) => on === "any" || isWrite);
    const [queued] = next < 0 ? [] : faults.splice(next, 1);
    if (queued !== undefined) return queued;
    const drawn = isWrite ? chaos() : null;
    return drawn === null ? null : Fault.parse(drawn);
  }

  function respond(asked: Asked): Answer {
    if (asked.path === "/__ledger") return { status: 200, body: ledger() };
    if (asked.path === "/__faults") {
      const fault = Fault.safeParse(json(asked.text));
      if (!fault.success) return { status: 400, body: fault.error.issues };
      fail(fault.data);
      return { status: 204 };
    }
    return vendor.answer(asked, now());
  }

  const server = createServer(async (request, response) => {
    const asked = await askedOf(request).catch(() => null);
    if (asked === null) return;
    const fault = nextFault(asked);
    const applied = fault?.after === "before" ? null : respond(asked);
    if (fault?.hang === true) return;
    if (fault !== null && fault.status === undefined) {
      request.socket.destroy();
      return;
    }
    const { status, body } =
      fault?.status === undefined
        ? (applied ?? { status: 500 })
        : { status: fault.status, body: fault.body ?? faultBody };
    const page = typeof body === "string";
    response.writeHead(status, {
      "content-type": page ? "text/plain; charset=utf-8" : "application/json",
      ...(fault?.retryAfter === undefined
        ? {}
        : { "retry-after": String(fault.retryAfter) }),
      ...(fault?.location === undefined ? {} : { location: fault.location }),
    });
    response.end(body === undefined || page ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = z.object({ port: z.int() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${address.port}`,
    ledger,
    fail,
    setClock: (clock) => void (now = clock),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const limitBody = { message: "You have reached your limit of requests." };
const faultBody = { message: "an injected fault" };

async function askedOf(request: IncomingMessage): Promise<Asked> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request)
    chunks.push(z.instanceof(Uint8Array).parse(chunk));
  const url = new URL(request.url ?? "/", "http://standin");
  return {
    method: request.method ?? "GET",
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    authorization: request.headers.authorization ?? "",
    text: Buffer.concat(chunks).toString("utf8"),
  };
}

/** A body as JSON; null where it is none. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
