import { gunzipSync, gzipSync } from "node:zlib";
import * as at from "../domain/collections.ts";
import { PermanentError } from "../domain/kernel/errors.ts";
import { sha256 } from "../domain/kernel/hash.ts";
import { SnapshotId, type TenantId } from "../domain/kernel/ids.ts";
import { need, put, type Store, type Write } from "../ports/store.ts";
import type { Section } from "../ports/reading.ts";

/** Below Firestore's limit of 1 MiB per document, with room for the other fields. */
const partBytes = 700_000;

/** What one commit can carry besides its other writes. */
const maxCompressedBytes = 2_400_000;

/** Where a snapshot's text came from. */
interface Origin {
  readonly url: string | null;
  readonly licence: string;
  readonly fetchedAt: Date;
}

/** A text and its headings. */
export interface Archived {
  readonly text: string;
  readonly sections: readonly Section[];
}

/**
 * The writes that archive a text under its own hash; null where it is too large for one commit even when compressed
 * (2.4 MB).
 */
export function archive(
  tenantId: TenantId,
  { text, sections }: Archived,
  origin: Origin,
): { readonly id: SnapshotId; readonly writes: readonly Write[] } | null {
  const id = SnapshotId.parse(sha256(text));
  const gzip = gzipSync(text);
  if (gzip.byteLength > maxCompressedBytes) return null;
  const whole = gzip.byteLength <= partBytes;
  const parts = whole
    ? []
    : Array.from({ length: Math.ceil(gzip.byteLength / partBytes) }, (_, i) =>
        gzip.subarray(i * partBytes, (i + 1) * partBytes),
      );
  const head = {
    gzip: whole ? gzip : new Uint8Array(),
    parts: parts.length,
    characters: text.length,
    sections: [...sections],
    ...origin,
  };
  return {
    id,
    writes: [
      put(at.snapshot(tenantId, id), head),
      ...parts.map((part, n) =>
        put(at.snapshotPart(tenantId, id, n), { gzip: part }),
      ),
    ],
  };
}

/** The archived text; throws where it is gone or no longer matches its id. */
export async function readText(
  tenantId: TenantId,
  id: SnapshotId,
  store: Pick<Store, "read">,
): Promise<string> {
  return (await readArchived(tenantId, id, store)).text;
}

/** The archived text with its sections; throws as `readText` does. */
export async function readArchived(
  tenantId: TenantId,
  id: SnapshotId,
  store: Pick<Store, "read">,
): Promise<Archived> {
  const head = await need(at.snapshot(tenantId, id), store);
  const refs = Array.from({ length: head.data.parts }, (_, n) =>
    at.snapshotPart(tenantId, id, n),
  );
  const parts = (await Promise.all(refs.map((ref) => store.read(ref)))).map(
    (part) => part?.data.gzip ?? new Uint8Array(),
  );
  const text = gunzipSync(
    parts.length === 0 ? head.data.gzip : Buffer.concat(parts),
  ).toString("utf8");
  if (sha256(text) !== id)
    throw new PermanentError(
      "bad-document",
      `The snapshot ${id} does not match its id.`,
    );
  return { text, sections: head.data.sections };
}
