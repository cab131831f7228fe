const remembered = "clientpulse.tenant";

/** The tenant that the address names, else the last one in this browser; null where there is neither. */
export function namedTenant(tenants: readonly string[]): string | null {
  const named = /^\/t\/([^/]+)/.exec(location.pathname)?.[1];
  return (
    [
      named === undefined ? null : decodeURIComponent(named),
      localStorage.getItem(remembered),
    ].find((id) => id !== null && tenants.includes(id)) ?? null
  );
}

/** The named tenant, else the person's default, else the first; null where there is none. */
export function chosenTenant(
  tenants: readonly string[],
  byDefault: string | null,
): string | null {
  const wanted = [namedTenant(tenants), byDefault, tenants[0] ?? null].find(
    (id) => id !== null && tenants.includes(id),
  );
  if (wanted === undefined || wanted === null) return null;
  localStorage.setItem(remembered, wanted);
  return wanted;
}
