import { z } from "zod";
import { PermanentError } from "../../domain/errors.ts";
import { addMs, dayMs } from "../../domain/instant.ts";
import type { SourceItem } from "../../domain/signal.ts";
import { sourceFacts } from "../../domain/source.ts";
import type { Connector, Fetched } from "../../pipeline/ports.ts";
import { isGone, jsonOf } from "../web/answer.ts";
import { productToken, type Got } from "../web/fetcher.ts";
import { dateOf, firstLookItems, sourceItem } from "./item.ts";
import { ours, type Reach, vendorOf } from "./reach.ts";
import { itemTitles } from "./secItems.ts";

/** Who asks: SEC wants a contact in the User-Agent (SEC, Accessing EDGAR Data, Fair access). */
export interface SecSettings {
  /** An e-mail address that SEC can write to. */
  readonly contact: string;
}

const { name: source, licence } = sourceFacts.sec;
const forms = ["8-K", "10-Q", "10-K"] as const;

/** A filing may be listed after one that was accepted later; those of this long before the newest are remembered by name. */
const overlapMs = 3 * dayMs;

const Column = z.array(z.string());

/** The part of a submissions list that is used; columns of equal length (SEC, EDGAR Application Programming Interfaces). */
const Submissions = z.object({
  name: z.string().min(1),
  filings: z.object({
    recent: z
      .object({
        accessionNumber: Column,
        acceptanceDateTime: Column,
        form: Column,
        items: Column,
        primaryDocument: Column,
        reportDate: Column,
      })
      .refine(
        (c) =>
          new Set(Object.values(c).map((column) => column.length)).size === 1,
        {
          message: "has columns of unequal length",
        },
      ),
  }),
});

interface Filing {
  readonly accession: string;
  readonly acceptedAt: Date;
  readonly form: string;
  readonly items: string;
  readonly primaryDocument: string;
  readonly reportDate: string;
}

/** The filings of a company: 8-K, 10-Q and 10-K, amendments included, as SEC EDGAR lists them. */
export function sec(reach: Reach, { contact }: SecSettings): Connector {
  const vendor = vendorOf("sec", reach);
  const get = (url: string, signal: AbortSignal): Promise<Got> =>
    vendor.ask(url, {
      signal,
      headers: { "user-agent": `${productToken} ${contact}` },
      // EDGAR answers 403 to whoever asks too fast, and lets them in again later.
      busy: [403],
    });

  return {
    kind: "sec",

    async look(from, cursor, signal) {
      const { cik } = ours("sec", from);
      const got = await get(
        `https://data.sec.gov/submissions/CIK${cik}.json`,
        signal,
      );
      if (isGone(got))
        throw new PermanentError(
          "not-found",
          `${source} knows no company ${cik}`,
        );
      const { name, filings } = jsonOf(got, source, Submissions);
      const listed = filingsOf(filings.recent);
      const found =
        cursor === null
          ? newestOfEach(listed)
          : listed.filter((f) => isNew(f, cursor));
      return {
        items: found
          .map((filing) => itemOf(filing, name, cik))
          .filter((item) => item !== null),
        cursor: cursorAfter(listed, cursor),
      };
    },

    async fetch(item, _from, signal): Promise<Fetched | null> {
      if (item.url === null)
        throw new PermanentError(
          "bad-payload",
          `${source}: ${item.itemId} has no address`,
        );
      const got = await get(item.url, signal);
      if (isGone(got)) return null;
      const contentType = got.headers.get("content-type") ?? "text/html";
      return { body: got.body, contentType, url: item.url, licence };
    },
  };
}

/** The filings of our forms, oldest first. */
function filingsOf(
  recent: z.infer<typeof Submissions>["filings"]["recent"],
): readonly Filing[] {
  return recent.form
    .map((form, row) => ({
      form,
      accession: recent.accessionNumber[row] ?? "",
      acceptedAt: dateOf(recent.acceptanceDateTime[row]),
      items: recent.items[row] ?? "",
      primaryDocument: recent.primaryDocument[row] ?? "",
      reportDate: recent.reportDate[row] ?? "",
    }))
    .filter((filing): filing is Filing => {
      const wanted = forms.some(
        (form) => filing.form === form || filing.form === `${form}/A`,
      );
      return (
        wanted &&
        filing.acceptedAt !== null &&
        /^\d{10}-\d{2}-\d{6}$/.test(filing.accession)
      );
    })
    .sort(byAcceptance);
}

function byAcceptance(a: Filing, b: Filing): number {
  return (
    a.acceptedAt.getTime() - b.acceptedAt.getTime() ||
    (a.accession < b.accession ? -1 : 1)
  );
}

function newestOfEach(filings: readonly Filing[]): readonly Filing[] {
  return forms
    .flatMap((form) =>
      filings.filter((f) => f.form.startsWith(form)).slice(-firstLookItems),
    )
    .sort(byAcceptance);
}

function isNew(
  filing: Filing,
  cursor: Readonly<Record<string, string>>,
): boolean {
  const newest = dateOf(cursor["acceptedAt"]);
  if (newest === null) return true;
  if (filing.acceptedAt < addMs(newest, -overlapMs)) return false;
  return !(cursor["seen"] ?? "").split(" ").includes(filing.accession);
}

function cursorAfter(
  filings: readonly Filing[],
  before: Readonly<Record<string, string>> | null,
): Readonly<Record<string, string>> {
  const newest = filings.at(-1)?.acceptedAt;
  const known = dateOf(before?.["acceptedAt"]);
  if (newest === undefined || (known !== null && newest < known)) {
    return before ?? { acceptedAt: "", seen: "" };
  }
  const seen = filings.filter((f) => f.acceptedAt >= addMs(newest, -overlapMs));
  return {
    acceptedAt: newest.toISOString(),
    seen: seen.map((f) => f.accession).join(" "),
  };
}

function itemOf(
  filing: Filing,
  company: string,
  cik: string,
): SourceItem | null {
  const { accession, acceptedAt, form, items, reportDate } = filing;
  // Filings without a main document exist as the complete submission only.
  const document = filing.primaryDocument || `${accession}.txt`;
  const folder = `${Number(cik)}/${accession.replaceAll("-", "")}`;
  return sourceItem({
    source: "sec",
    itemId: accession,
    revision: "",
    url: new URL(document, `https://www.sec.gov/Archives/edgar/data/${folder}/`)
      .href,
    title: titleOf(filing, company),
    publisher: source,
    publishedAt: acceptedAt,
    facts: {
      form,
      items,
      accession,
      primaryDocument: document,
      reportDate,
      company,
    },
  });
}

function titleOf(filing: Filing, company: string): string {
  const numbers = filing.items
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean);
  // Item 9.01 lists the exhibits of the others.
  const telling =
    numbers.length > 1 ? numbers.filter((item) => item !== "9.01") : numbers;
  if (telling.length > 0) {
    const named = telling.map((item) =>
      `Item ${item} ${itemTitles[item] ?? ""}`.trim(),
    );
    return `${company} ${filing.form}: ${named.join("; ")}`;
  }
  const period =
    filing.reportDate === ""
      ? ""
      : ` for the period ended ${filing.reportDate}`;
  return `${company} ${filing.form}${period}`;
}
