import { z } from "zod";

const remembered = "clientpulse.tenantNames";
const Names = z.record(z.string(), z.string());

/** Keeps a tenant's name in this browser, for when it can no longer be read. */
export function rememberTenant(id: string, name: string): void {
  const names = readNames();
  if (names[id] === name) return;
  localStorage.setItem(remembered, JSON.stringify({ ...names, [id]: name }));
}

/** The tenant's name when this browser last read it; else its id. */
export function lastKnownName(id: string): string {
  return readNames()[id] ?? id;
}

function readNames(): Readonly<Record<string, string>> {
  try {
    return Names.parse(JSON.parse(localStorage.getItem(remembered) ?? "{}"));
  } catch {
    // Anything else that is stored there is overwritten.
    return {};
  }
}
