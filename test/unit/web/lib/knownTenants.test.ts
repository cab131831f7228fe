import { beforeEach, expect, it, vi } from "vitest";
import {
  lastKnownName,
  rememberTenant,
} from "../../../../web/src/lib/session/knownTenants.ts";

const kept = new Map<string, string>();

beforeEach(() => {
  kept.clear();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});

it("calls a tenant as it was called last, and one that was never read by its id", () => {
  rememberTenant("acme", "Acme");
  rememberTenant("globex", "Globex");
  rememberTenant("acme", "Acme Group");
  expect(["acme", "globex", "initech"].map(lastKnownName)).toEqual([
    "Acme Group",
    "Globex",
    "initech",
  ]);
});

it.each(["{", "[]", '{"acme":1}', "null"])(
  "does not mind that %s stands in its place",
  (text) => {
    kept.set("clientpulse.tenantNames", text);
    expect(lastKnownName("acme")).toBe("acme");
    rememberTenant("acme", "Acme");
    expect(lastKnownName("acme")).toBe("Acme");
  },
);
