import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { z } from "zod";
import { bodyText, json, listenOn } from "./server.ts";

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
  options: Options,
): Promise<CrmStandIn> {
  const { take, fail } = faultQueue(vendor, options);
  let requests = 0;
  let now = () => new Date();
  const ledger = (): Ledger => ({ ...vendor.held(), requests });

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
    const asked = await readRequest(request).catch(() => null);
    if (asked === null) return;
    const isOfVendor = !asked.path.startsWith("/__");
    if (isOfVendor) requests += 1;
    const fault = isOfVendor ? take(asked) : null;
    const applied = fault?.after === "before" ? null : respond(asked);
    if (fault?.hang === true) return;
    if (fault !== null && fault.status === undefined) request.socket.destroy();
    else send(response, applied, fault);
  });
  const { url, close } = await listenOn(server, options.port);
  const setClock = (clock: () => Date) => void (now = clock);
  return { url, ledger, fail, setClock, close };
}

type DueFault = z.output<typeof Fault>;

/** The faults to come: those queued, and those drawn by chance. */
function faultQueue(
  { isWrite }: Vendor,
  { chaos = () => null, limit = () => null }: Options,
) {
  const faults: DueFault[] = [];
  return {
    fail: (fault: Fault) => {
      const { times, ...one } = Fault.parse(fault);
      for (let n = 0; n < times; n++) faults.push({ ...one, times: 1 });
    },
    /** What goes wrong with this request; null where nothing does. */
    take: (asked: Asked): DueFault | null => {
      const retryAfter = limit();
      if (retryAfter !== null)
        return Fault.parse({ status: 429, retryAfter, body: limitBody });
      const writes = isWrite(asked);
      const next = faults.findIndex(({ on }) => on === "any" || writes);
      const [queued] = next < 0 ? [] : faults.splice(next, 1);
      if (queued !== undefined) return queued;
      const drawn = writes ? chaos() : null;
      return drawn === null ? null : Fault.parse(drawn);
    },
  };
}

const limitBody = { message: "You have reached your limit of requests." };
const faultBody = { message: "an injected fault" };

async function readRequest(request: IncomingMessage): Promise<Asked> {
  const text = await bodyText(request);
  const url = new URL(request.url ?? "/", "http://standin");
  return {
    method: request.method ?? "GET",
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    authorization: request.headers.authorization ?? "",
    text,
  };
}

/** The vendor's answer, or in its place the fault's. */
function send(
  response: ServerResponse,
  applied: Answer | null,
  fault: DueFault | null,
): void {
  const { status, body } =
    fault?.status === undefined
      ? (applied ?? { status: 500 })
      : { status: fault.status, body: fault.body ?? faultBody };
  const isPage = typeof body === "string";
  response.writeHead(status, {
    "content-type": isPage ? "text/plain; charset=utf-8" : "application/json",
    ...(fault?.retryAfter === undefined
      ? {}
      : { "retry-after": String(fault.retryAfter) }),
    ...(fault?.location === undefined ? {} : { location: fault.location }),
  });
  response.end(body === undefined || isPage ? body : JSON.stringify(body));
}
