/** Routes of a person rather than of a tenant's member: open to anyone signed in, even without a tenant. */
const personalPaths = ["/api/v1/me/invitations", "/api/v1/me/tenants"];

/** Whether a path is a personal route, which needs no tenant. */
export function isPersonalPath(path: string): boolean {
  return personalPaths.some(
    (one) => path === one || path.startsWith(`${one}/`),
  );
}
