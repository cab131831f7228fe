import { z } from "zod";
import { normalName } from "./accountNames.ts";
import { domainsAbove, toHost } from "./lookup.ts";

/** The names and web domains of the tenant's own company, which is not a client of itself. */
export const OwnCompany = z.object({
  names: z.array(z.string().trim().min(1).max(200)).max(20),
  domains: z.array(z.string().trim().toLowerCase().min(1).max(253)).max(20),
});
export type OwnCompany = z.infer<typeof OwnCompany>;

interface Named {
  readonly name?: string | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly domains?: readonly string[] | undefined;
}

/** The field that makes something the tenant's own company rather than an account; null where none does. */
export function ownFault(
  own: OwnCompany,
  { name, aliases = [], domains = [] }: Named,
): { readonly field: string; readonly message: string } | null {
  const fields = [
    ...(name === undefined ? [] : [["name", name, isOwnName] as const]),
    ...aliases.map((alias) => ["aliases", alias, isOwnName] as const),
    ...domains.map((domain) => ["domains", domain, isOwnDomain] as const),
  ];
  const fault = fields.find(([, value, isOwn]) => isOwn(own, value));
  if (fault === undefined) return null;
  const [field, value] = fault;
  return { field, message: `"${value}" is our own company: see the settings` };
}

/** Whether a name, however it is spelt, is the own company's. */
export function isOwnName(own: OwnCompany, name: string): boolean {
  const wanted = normalName(name);
  return wanted !== "" && own.names.some((one) => normalName(one) === wanted);
}

/** Whether a host is one of the own company's domains, or lies below one. */
export function isOwnDomain(own: OwnCompany, host: string): boolean {
  const domains = domainsAbove(toHost(host));
  return own.domains.some((one) => domains.includes(toHost(one)));
}
