import type { SourceItem } from "../../../../domain/signals/signal.ts";
import { sourceFacts } from "../../../../domain/sources/source.ts";
import { toLine, toSourceItem } from "../../item.ts";
import { archiveUrl } from "./secArchive.ts";
import { isAmendment, rootForm, secForm } from "./secForms.ts";
import { itemTitles } from "./secItems.ts";

/** A filing with EDGAR, as far as its lists say. */
export interface Filing {
  readonly cik: string;
  readonly company: string;
  readonly accession: string;
  readonly acceptedAt: Date;
  readonly form: string;
  /** The numbers of a Form 8-K's items, comma-separated. */
  readonly items: string;
  /** The file of its main document; "" where there is the complete submission only. */
  readonly primaryDocument: string;
  /** The end of the period, or the day of what is reported: yyyy-mm-dd, or "". */
  readonly reportDate: string;
}

/** A further document of a filing. */
export interface Exhibit {
  /** As the filing calls it: EX-99.1. */
  readonly type: string;
  readonly file: string;
  readonly description: string;
}

/** An accession number: who filed, the year, and their how-manieth of that year. */
export const accessionPattern = /^\d{10}-\d{2}-\d{6}$/u;

/** The main document of a filing, or one of its exhibits, as an item; the same id by whichever way it was found. */
export function filingToItem(
  kind: "sec" | "sec_search",
  filing: Filing,
  more: {
    readonly exhibit?: Exhibit | undefined;
    /** The filing that this one amends. */
    readonly amended?: Filing | undefined;
    readonly facts?: Readonly<Record<string, string>>;
  } = {},
): SourceItem {
  const { accession, form, items, reportDate, company } = filing;
  const { exhibit, amended } = more;
  // Filings without a main document exist as the complete submission only.
  const document =
    exhibit?.file ?? (filing.primaryDocument || `${accession}.txt`);
  const known = secForm(form);
  return toSourceItem({
    source: kind,
    itemId: exhibit === undefined ? accession : `${accession}/${exhibit.file}`,
    revision: "",
    url: archiveUrl(filing.cik, accession, document),
    title: filingTitle(filing, exhibit, amended),
    publisher: sourceFacts.sec.name,
    publishedAt: filing.acceptedAt,
    facts: {
      form,
      ...(known === null
        ? {}
        : { formName: known.name, formTells: known.tells }),
      items,
      accession,
      primaryDocument: document,
      reportDate,
      company,
      ...(exhibit === undefined ? {} : { exhibit: exhibit.type }),
      ...(amended === undefined ? {} : { amends: amended.accession }),
      ...more.facts,
    },
  });
}

/** The filing that this one amends, where it is listed: the last of its form for the same period or day. */
export function amendedBy(
  { form, reportDate, acceptedAt }: Filing,
  all: readonly Filing[],
): Filing | undefined {
  if (!isAmendment(form) || reportDate === "") return undefined;
  return all.findLast(
    (other) =>
      other.form === rootForm(form) &&
      other.reportDate === reportDate &&
      other.acceptedAt < acceptedAt,
  );
}

function filingTitle(
  filing: Filing,
  exhibit: Exhibit | undefined,
  amended: Filing | undefined,
): string {
  const { company, form } = filing;
  const items = itemNames(filing);
  const name = secForm(form)?.name;
  const plain =
    items.length > 0 || name === undefined ? form : `${form} (${name})`;
  const about = isAmendment(form)
    ? `, amends ${amendedName(filing, amended)}`
    : isPeriodic(filing)
      ? ` for the period ended ${filing.reportDate}`
      : "";
  const title = `${company} ${plain}${about}${items.length > 0 ? `: ${items.join("; ")}` : ""}`;
  if (exhibit === undefined) return title;
  // The longest of item names must not push out which exhibit it is.
  const says = exhibit.description === exhibit.type ? "" : exhibit.description;
  return `${toLine(title, 350)} – ${toLine(`${exhibit.type} ${says}`, 140)}`;
}

function amendedName(filing: Filing, amended: Filing | undefined): string {
  const root = rootForm(filing.form);
  if (amended !== undefined)
    return `the ${root} filed ${amended.acceptedAt.toISOString().slice(0, 10)}`;
  if (filing.reportDate === "") return `an earlier ${root}`;
  return isPeriodic(filing)
    ? `the ${root} for the period ended ${filing.reportDate}`
    : `the ${root} of ${filing.reportDate}`;
}

/** Whether its report date is the end of a period; of an 8-K it is the day of the event, of a proxy statement that of the meeting. */
function isPeriodic({ form, reportDate }: Filing): boolean {
  return reportDate !== "" && /^(?:10-|11-K|20-F|40-F|13F|NT )/u.test(form);
}

/** Its items by number and name. */
function itemNames({ items }: Filing): readonly string[] {
  const numbers = items
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean);
  // Item 9.01 lists the exhibits of the others.
  const telling =
    numbers.length > 1 ? numbers.filter((item) => item !== "9.01") : numbers;
  return telling.map((item) => `Item ${item} ${itemTitles[item] ?? ""}`.trim());
}
