import { sha256 as digest } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { normalForm } from "./normalForm.ts";

/** SHA-256 of the UTF-8 text, 64 hex characters. */
export function sha256(text: string): string {
  return bytesToHex(digest(utf8ToBytes(text)));
}

/** An id that depends on nothing but its parts: 32 hex characters of SHA-256 over their JSON. */
export function idFrom(...parts: readonly (string | number)[]): string {
  return sha256(JSON.stringify(parts)).slice(0, 32);
}

/**
 * The hash under which two texts count as the same content: NFKC, lower case,
 * white space folded, so that a re-flowed copy is found and a changed word is not.
 */
export function contentHash(text: string): string {
  return sha256(
    normalForm(text, "NFKC").toLowerCase().replace(/\s+/gu, " ").trim(),
  );
}

/** A name-based UUID (RFC 9562, version 8 over SHA-256), for stores that take nothing but UUIDs as ids. */
export function uuidFrom(...parts: readonly (string | number)[]): string {
  const hex = idFrom(...parts);
  const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** An id in place of one that cannot be kept as it is, being too long or naming somebody; the same for the same. */
export function hashId(id: string): string {
  return `sha256:${sha256(id)}`;
}
