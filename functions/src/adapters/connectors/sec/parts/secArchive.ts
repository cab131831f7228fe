import { PermanentError } from "../../../../domain/kernel/errors.ts";
import type { SourceItem } from "../../../../domain/signals/signal.ts";
import { sourceFacts } from "../../../../domain/sources/source.ts";
import type { Fetched } from "../../../../ports/sources.ts";
import { text } from "../../../definition.ts";
import { isGone } from "../../../web/answer.ts";
import type { WebResponse, Validators } from "../../../web/fetch.ts";
import { productToken } from "../../../web/fetcher.ts";
import { type Reach, vendorFor } from "../../reach.ts";

/** What an operator sets for both kinds of source. */
export const secSettings = { contact: text("SEC_CONTACT") } as const;

/** Who asks: SEC wants a contact in the User-Agent (SEC, Accessing EDGAR Data, Fair access). */
export interface SecSettings {
  /** An e-mail address that SEC can write to. */
  readonly contact: string;
}

const { name: source, licence } = sourceFacts.sec;

/** Asks SEC for a document, as whoever the settings name; answers 304 where nothing has changed `since`. */
export type AskSec = (
  url: string,
  options: { readonly signal: AbortSignal; readonly since?: Validators },
) => Promise<WebResponse>;

/** The way to SEC for one of its two kinds of source. */
export function askSec(
  kind: "sec" | "sec_search",
  reach: Reach,
  { contact }: SecSettings,
): AskSec {
  const vendor = vendorFor(kind, reach);
  return (url, options) =>
    vendor.ask(url, {
      ...options,
      headers: { "user-agent": `${productToken} ${contact}` },
      // EDGAR answers 403 to whoever asks too fast, and lets them in again later.
      busy: [403],
    });
}

/** Where EDGAR keeps a document of a filing. */
export function archiveUrl(
  cik: string,
  accession: string,
  document: string,
): string {
  const folder = `${Number(cik)}/${accession.replaceAll("-", "")}`;
  return new URL(document, `https://www.sec.gov/Archives/edgar/data/${folder}/`)
    .href;
}

/** The document of a filing; null where EDGAR no longer has it. */
export async function fetchArchived(
  item: SourceItem,
  ask: AskSec,
  signal: AbortSignal,
): Promise<Fetched | null> {
  if (item.url === null)
    throw new PermanentError(
      "bad-payload",
      `${source}: ${item.itemId} has no address`,
    );
  const got = await ask(item.url, { signal });
  if (isGone(got)) return null;
  const contentType = got.headers.get("content-type") ?? "text/html";
  return { body: got.body, contentType, url: item.url, licence };
}
