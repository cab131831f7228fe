import type { Account } from "../../domain/accounts/account.ts";
import { PermanentError } from "../../domain/kernel/errors.ts";
import type { Dropped } from "./drop.ts";
import type { Deps } from "../../ports/deps.ts";
import type { Read } from "../../ports/store.ts";
import type { ReadDocument } from "../../ports/reading.ts";
import type { Resolved } from "./resolved.ts";

/** A document with its address and licence. */
export interface Found extends ReadDocument {
  readonly url: string | null;
  readonly licence: string;
}

/** The document's text, handed in or fetched from its source and read; or why there is none. */
export async function findDocument(
  { payload, abortSignal, takeLease }: Resolved["job"],
  account: Read<Account>,
  deps: Pick<Deps, "connectors" | "reader" | "redactor">,
): Promise<Found | Dropped> {
  const { item, handedIn, sourceKey } = payload;
  if (handedIn !== null)
    return {
      ...handedIn,
      language: "und",
      author: null,
      publishedAt: null,
      canonicalUrl: null,
      sections: [],
      url: item.url,
      licence: "Provided by the tenant",
    };
  const source = account.data.sources.find(({ key }) => key === sourceKey);
  const connector = source && deps.connectors[source.kind];
  if (source === undefined || connector === undefined)
    return {
      reason: "gone",
      detail: "Its source was removed from the account.",
    };
  await takeLease();
  const fetched = await connector.fetch(item, source, abortSignal);
  if (fetched === null)
    return { reason: "gone", detail: "The source no longer has it." };
  try {
    return {
      ...(await deps.reader.read(fetched, abortSignal)),
      url: item.url ?? fetched.url,
      licence: fetched.licence,
    };
  } catch (error) {
    if (error instanceof PermanentError)
      return {
        reason: ["too-large", "too-costly"].includes(error.code)
          ? "too-large"
          : "unreadable",
        detail: deps.redactor.redact(error.message),
      };
    throw error;
  }
}
