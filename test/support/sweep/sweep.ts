import { z } from "zod";
import { aUid } from "../builders.ts";
import { exactly } from "../dump.ts";
import { signedBy, webhookPaths } from "../webhooks.ts";
import { acme, type Answer, openApi, type TestApi, umbrella } from "../api.ts";
import { type Call, callOf, type Route, routesIn } from "./calls.ts";
import { marker, plantWorld } from "./world.ts";

/** An API over two tenants with a document of each kind, and its routes. */
export interface Swept {
  readonly api: TestApi;
  readonly routes: readonly Route[];
  /** Sends a call as somebody; a violation of the description is thrown. */
  readonly send: (
    person: string | null,
    call: Call,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answer>;
}

const Conflict = z.object({ current: z.object({ version: z.int() }) });

/** Opens the API and plants what is swept. */
export async function openSweep(): Promise<Swept> {
  const api = await openApi({
    identity: {
      verify: async (token) => {
        const uid = /^token-(\w+)$/u.exec(token)?.[1];
        if (uid === undefined) return null;
        return {
          uid: aUid(uid),
          tenants: tenantsOf(uid),
          email: `${uid}@example.com`,
          emailVerified: true,
        };
      },
    },
  });
  await plantWorld(api);
  const described = await api.send("/api/openapi.json");
  const send: Swept["send"] = async (person, call, headers = {}) => {
    const ask = (body: unknown) =>
      api.send(call.path, {
        method: call.method,
        ...(body === undefined ? {} : { body }),
        headers: {
          ...(person === null
            ? {}
            : { Authorization: `Bearer token-${person}` }),
          ...headers,
        },
      });
    const answer = await ask(call.body);
    const conflict = Conflict.safeParse(answer.json);
    if (answer.status !== 409 || !conflict.success) return answer;
    // The card has moved on meanwhile: whoever is told its version asks again by that.
    return ask(Object.assign({}, call.body, conflict.data.current));
  };
  return { api, routes: routesIn(described.json), send };
}

function tenantsOf(uid: string) {
  if (uid === "none") return [];
  return uid === "alien" ? [umbrella] : [acme];
}

/** The headers by which a route that is not for people knows its sender. */
export function signatureOf(route: Route, call: Call, now: Date) {
  const sender = (["salesforce", "hubspot", "webhook"] as const).find(
    (name) => webhookPaths[name] === call.path,
  );
  if (sender === undefined || !route.isPublic) return {};
  return signedBy(sender, JSON.stringify(call.body), { at: now }).headers;
}

/** Whether an answer holds anything of the foreign tenant. */
export function leaks({ text, bytes, headers }: Answer): boolean {
  const all = [
    text,
    Buffer.from(bytes).toString("latin1"),
    JSON.stringify([...headers]),
  ];
  return all.some((one) => one.toLowerCase().includes(marker));
}

/** Everything that there is of the foreign tenant, as lines; but what it has been told of its own people's attempts elsewhere. */
export async function foreignDocuments({
  api,
}: Pick<Swept, "api">): Promise<readonly string[]> {
  const lines = await exactly(api.database.db.doc(`tenants/${umbrella}`));
  return lines.filter(
    (line) => !line.includes("refused: not one of the caller's tenants"),
  );
}

/** Carries out for every item, eight at a time. */
export async function inEights<T>(
  items: readonly T[],
  each: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const lane = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift())
      await each(item);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}

/** What has to have happened before a route can do what it is for: another route's call. */
const before: Readonly<Record<string, string>> = {
  withdrawApproval: "approveOpportunity",
  reopenOpportunity: "rejectOpportunity",
  wakeOpportunity: "snoozeOpportunity",
  activateMember: "deactivateMember",
  unmergeAccount: "mergeAccount",
  getReembedding: "startReembedding",
};

const Started = z.union([
  z.object({ id: z.string() }),
  // One is under way already.
  z
    .object({ current: z.object({ id: z.string() }) })
    .transform(({ current }) => current),
]);

/** The call by which an administrator reaches what a route is for, all that goes before it done. */
export async function preparedCall(
  route: Route,
  card: string,
  { routes, send }: Swept,
): Promise<Call> {
  const call = callOf(route, card);
  const first = routes.find(
    (one) => one.operationId === before[route.operationId],
  );
  if (first === undefined) return call;
  const { json } = await send("ada", callOf(first, card));
  const started = Started.safeParse(json);
  return started.success
    ? { ...call, path: call.path.replace("id-reembedding", started.data.id) }
    : call;
}
