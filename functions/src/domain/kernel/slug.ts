import { idFrom } from "./hash.ts";
import { normalForm } from "./normalForm.ts";

/**
 * A readable id of at most 60 characters: the name in lower case or, if no letter a to z or digit is left, the prefix
 * with a hash of the name. The same name gives the same id.
 */
export function toSlug(name: string, prefix: string): string {
  const slug = normalForm(name, "NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 60)
    .replace(/(?<!-)-+$/, "");
  return slug === "" ? `${prefix}-${idFrom(name).slice(0, 12)}` : slug;
}

/** The format of such an id. */
export const slugPattern = /^[a-z0-9][a-z0-9-]{0,59}$/;
