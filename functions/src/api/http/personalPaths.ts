/** The routes of a person rather than of a tenant's member: open to whoever is signed in, in no tenant too. */
const ofPersons = ["/api/v1/me/invitations", "/api/v1/me/tenants"];

/** Whether a path belongs to the person who calls, whatever tenant they are in. */
export function isOfPersons(path: string): boolean {
  return ofPersons.some((one) => path === one || path.startsWith(`${one}/`));
}
