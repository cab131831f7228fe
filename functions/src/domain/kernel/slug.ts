import { idFrom } from "./hash.ts";
import { normalForm } from "./normalForm.ts";

/** An id that people can read, of at most 60 characters: the name in small letters, or, where it has none of a to z, the prefix with a hash of it. The same name is the same id. */
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

/** What such an id looks like. */
export const slugPattern = /^[a-z0-9][a-z0-9-]{0,59}$/;
