const remembered = "clientpulse.tenant";

/** The tenant that the address names, else the one of last time, else the first; null where there is none. */
export function chosenTenant(tenants: readonly string[]): string | null {
  const named = /^\/t\/([^/]+)/.exec(location.pathname)?.[1];
  const wanted = [
    named === undefined ? null : decodeURIComponent(named),
    localStorage.getItem(remembered),
    tenants[0] ?? null,
  ].find((id) => id !== null && tenants.includes(id));
  if (wanted === undefined || wanted === null) return null;
  localStorage.setItem(remembered, wanted);
  return wanted;
}
