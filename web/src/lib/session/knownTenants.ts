import { z } from "zod";

const remembered = "clientpulse.tenantNames";
const Names = z.record(z.string(), z.string());

/** Keeps in this browser what a tenant is called, for when it can no longer be read. */
export function rememberTenant(id: string, name: string): void {
  const names = allNames();
  if (names[id] === name) return;
  localStorage.setItem(remembered, JSON.stringify({ ...names, [id]: name }));
}

/** What the tenant was called when it was last read in this browser; else its id. */
export function lastNameOf(id: string): string {
  return allNames()[id] ?? id;
}

function allNames(): Readonly<Record<string, string>> {
  try {
    return Names.parse(JSON.parse(localStorage.getItem(remembered) ?? "{}"));
  } catch {
    // Whatever else stands there is written over.
    return {};
  }
}
