import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasPermission } from "../../functions/src/domain/people/roles.ts";
import { people } from "../support/api.ts";
import { aMember } from "../support/builders.ts";
import { callOf, type Route, towardsForeign } from "../support/sweep/calls.ts";
import {
  foreignDocuments,
  inEights,
  leaks,
  openSweep,
  preparedCall,
  signatureOf,
  type Swept,
} from "../support/sweep/sweep.ts";
import { cardWrites } from "../support/sweep/world.ts";

/** Signed-in routes that ask for no permission, each with the reason. */
const withoutPermission: Readonly<Record<string, string>> = {
  getMe: "everybody may know who they are",
  setMyViews: "everybody has views of their own",
  listMyInvitations: "everybody may see who invites them",
  acceptInvitation: "theirs alone who are invited",
  declineInvitation: "theirs alone who are invited",
  chooseDefaultTenant: "everybody chooses for themself",
  leaveTenant: "everybody may leave by their own word",
  refreshMyTenants: "it follows from the members alone",
};

/** Routes that need nobody signed in, each with the reason. */
const withoutSignIn: Readonly<Record<string, string>> = {
  getHealth: "says one word to whoever watches the service",
  takeSalesforceEvent: "signed by the sender",
  takeHubspotEvents: "signed by the sender",
  takeEvent: "signed by the sender",
};

/** Routes that no call of the sweep makes do what they are for, each with the test that does. */
const withoutSuccess: Readonly<Record<string, string>> = {
  retryActivation:
    "apiRetry.test.ts plants the failed activation that it needs",
};

/** Everybody but the administrator, and what the API must answer them at the least. */
const others = [
  "anna",
  "lea",
  "bob",
  "otto",
  "vera",
  "ina",
  "none",
  null,
  "garbage",
] as const;

let swept: Swept;
let before: readonly string[];
const faults: { route: string; says: string }[] = [];
let calls = 0;

beforeAll(async () => {
  swept = await openSweep();
  const { api, routes } = swept;
  const now = api.clock.now();
  for (const { operationId } of routes.filter(({ path }) =>
    path.includes("/opportunities/{id}"),
  ))
    await api.write([
      ...cardWrites(`${operationId}-1`, now),
      ...cardWrites(`${operationId}-2`, now),
    ]);
  before = await foreignDocuments(swept);
  for (const route of routes) await byTheAdministrator(route);
  await inEights(routes, byTheOthers);
  await inEights(routes, intoTheOtherTenant);
  console.log(
    `sweep: ${routes.length} routes, ${calls} calls, ${faults.length} faults`,
  );
});
afterAll(() => swept.api.close());

/** Sends a call; whatever no answer may be is a fault. */
async function answered(
  route: Route,
  who: string | null,
  ...[call, headers]: Parameters<Swept["send"]> extends [unknown, ...infer Rest]
    ? Rest
    : never
): Promise<number> {
  calls++;
  const name = `${route.operationId} by ${who ?? "nobody"} to ${call.path}`;
  const fault = (says: string) => faults.push({ route: name, says });
  try {
    const token = who === "garbage" ? "../garbage" : who;
    const answer = await swept.send(token, call, headers);
    if (answer.status >= 500) fault(`answers ${answer.status}: ${answer.text}`);
    if (leaks(answer)) fault(`tells of the other tenant: ${answer.text}`);
    const type = answer.headers.get("content-type");
    if (answer.status >= 400 && type !== "application/problem+json")
      fault(`answers ${answer.status} as ${type}`);
    return answer.status;
  } catch (error) {
    fault(String(error));
    return 0;
  }
}

function mustBe(
  route: Route,
  who: string | null,
  status: number,
  allowed: (status: number) => boolean,
) {
  if (allowed(status)) return;
  faults.push({
    route: `${route.operationId} by ${who ?? "nobody"}`,
    says: `answers ${status}`,
  });
}

const cardOf = (route: Route, n: 1 | 2) =>
  route.path.includes("{commentId}") ? undefined : `${route.operationId}-${n}`;

async function byTheAdministrator(route: Route): Promise<void> {
  const call = await preparedCall(
    route,
    cardOf(route, 1) ?? callOf(route).path.split("/")[4] ?? "",
    swept,
  );
  const signature = signatureOf(route, call, swept.api.clock.now());
  const status = await answered(route, "ada", call, signature);
  const isOwed = !(route.operationId in withoutSuccess);
  mustBe(route, "ada", status, (s) => !isOwed || (s >= 200 && s < 300));
}

async function byTheOthers(route: Route): Promise<void> {
  for (const who of others) {
    const status = await answered(route, who, callOf(route, cardOf(route, 2)));
    mustBe(route, who, status, expectedOf(route, who));
  }
}

/** What a person may be answered, by domain/people/roles.ts and by nothing else. */
function expectedOf(
  route: Route,
  who: (typeof others)[number],
): (status: number) => boolean {
  if (route.isPublic) return (s) => s === 200 || s === 401 || s === 400;
  if (who === null || who === "garbage") return (s) => s === 401;
  if (route.isPersonal) return (s) => s !== 401 && s < 500;
  if (who === "none" || who === "ina") return (s) => s === 403;
  if (route.permission === undefined) return (s) => s < 300;
  const actor = aMember({ ...people[who] });
  if (!hasPermission(actor, route.permission)) return (s) => s === 403;
  const isHidden =
    who === "bob" &&
    /\/(?:opportunities|accounts|runs|resolutions)\/\{id\}/u.test(route.path);
  if (isHidden) return (s) => s === 403 || s === 404;
  return (s) => s !== 401 && s !== 0;
}

async function intoTheOtherTenant(route: Route): Promise<void> {
  const own = callOf(route);
  for (const who of ["ada", "anna"] as const) {
    const named = await answered(route, who, own, {
      "X-Tenant-ID": "umbrella",
    });
    const isOfTenant = !route.isPublic && !route.isPersonal;
    if (isOfTenant) mustBe(route, who, named, (s) => s === 403);
    const foreign = await answered(route, who, towardsForeign(own));
    if (!route.isPublic && route.path.includes("{"))
      mustBe(route, who, foreign, (s) => s === 403 || s === 404);
  }
  const stranger = await answered(route, "alien", own, {
    "X-Tenant-ID": "acme",
  });
  if (!route.isPublic && !route.isPersonal)
    mustBe(route, "alien", stranger, (s) => s === 403);
}

describe("every route, for everybody, in both tenants", () => {
  it("says which permission it needs, or why it needs none", () => {
    const silent = swept.routes.filter(
      ({ permission }) => permission === undefined,
    );
    expect(silent.map(({ operationId }) => operationId).toSorted()).toEqual(
      Object.keys({ ...withoutPermission, ...withoutSignIn }).toSorted(),
    );
    const open = swept.routes.filter(({ isPublic }) => isPublic);
    expect(open.map(({ operationId }) => operationId).toSorted()).toEqual(
      Object.keys(withoutSignIn).toSorted(),
    );
  });

  it("answers as the roles say, in the shape that it describes, and nothing of the other tenant", () => {
    expect(faults).toEqual([]);
    expect(calls).toBeGreaterThanOrEqual(swept.routes.length * 12);
  });

  it("leaves the other tenant as it was", async () => {
    const after = await foreignDocuments(swept);
    expect(before.length).toBeGreaterThan(15);
    expect(after).toEqual(before);
  });
});
