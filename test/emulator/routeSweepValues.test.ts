import { afterAll, beforeAll, expect, it } from "vitest";
import { Problem } from "../../functions/src/api/http/problem.ts";
import { callOf, type Route } from "../support/sweep/calls.ts";
import {
  type HostileCall,
  hostileBodies,
  hostileParameters,
} from "../support/sweep/hostile.ts";
import {
  inEights,
  leaks,
  openSweep,
  signatureOf,
  type Swept,
} from "../support/sweep/sweep.ts";

let swept: Swept;

beforeAll(async () => {
  swept = await openSweep();
});
afterAll(() => swept.api.close());

/** What is wrong with the answer to a hostile call; null where nothing is. */
async function faultOf(
  route: Route,
  call: HostileCall,
): Promise<string | null> {
  const name = `${route.operationId} ${call.field}=${JSON.stringify(call.value.slice(0, 40))}`;
  const now = swept.api.clock.now();
  const headers = { ...signatureOf(route, call, now), ...call.headers };
  try {
    const answer = await swept.send(
      route.isPublic ? null : "ada",
      call,
      headers,
    );
    if (answer.status >= 500) return `${name}: ${answer.text}`;
    if (leaks(answer)) return `${name} leaks: ${answer.text}`;
    if (answer.status !== 400 && answer.status !== 422) return null;
    const { errors = [] } = Problem.parse(answer.json);
    const isNamed = errors.some(
      ({ field }) => field.split(".")[0] === call.field,
    );
    return isNamed
      ? null
      : `${name} is refused without its name: ${answer.text}`;
  } catch (error) {
    return `${name}: ${String(error)}`;
  }
}

async function faultsOf(
  callsOf: (route: Route) => readonly HostileCall[],
): Promise<readonly string[]> {
  const faults: string[] = [];
  const calls = swept.routes.flatMap((route) =>
    callsOf(route).map((call) => [route, call] as const),
  );
  await inEights(calls, async ([route, call]) => {
    const fault = await faultOf(route, call);
    if (fault !== null) faults.push(fault.slice(0, 400));
  });
  console.log(`sweep: ${calls.length} hostile calls, ${faults.length} faults`);
  return faults.toSorted();
}

it("takes no parameter of any route for what it is not, and names the one that it refuses", async () => {
  expect(
    await faultsOf((route) => hostileParameters(route, callOf(route))),
  ).toEqual([]);
});

it("takes no field of any body for what it is not, and names the one that it refuses", async () => {
  expect(await faultsOf((route) => hostileBodies(callOf(route)))).toEqual([]);
});
