import { sha256 as digest } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { normalForm } from "./normalForm.ts";

/** SHA-256 of the UTF-8 text, 64 hex characters. */
export function sha256(text: string): string {
  return bytesToHex(digest(utf8ToBytes(text)));
}

/** An id that depends only on its parts: 32 hex characters of SHA-256 over their JSON. */
export function idFrom(...parts: readonly (string | number)[]): string {
  return sha256(JSON.stringify(parts)).slice(0, 32);
}

/**
 * The hash under which two texts count as the same content: NFKC, lower case, white space collapsed, so that a
 * reflowed copy matches and a changed word does not.
 */
export function contentHash(text: string): string {
  return sha256(
    normalForm(text, "NFKC").toLowerCase().replace(/\s+/gu, " ").trim(),
  );
}

/** A name-based UUID (RFC 9562, version 8 over SHA-256), for stores whose ids must be UUIDs. */
export function uuidFrom(...parts: readonly (string | number)[]): string {
  const hex = idFrom(...parts);
  const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * A replacement for an id that cannot be kept, being too long or naming a person; the same id gives the same
 * replacement.
 */
export function hashId(id: string): string {
  return `sha256:${sha256(id)}`;
}
