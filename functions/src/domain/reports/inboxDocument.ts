import type { Exported } from "./cardDocument.ts";
import { momentsIn, wordsIn } from "./exportWords.ts";
import type { InboxItem } from "../cards/inbox.ts";
import type { PrintableDocument } from "./printableDocument.ts";

interface InboxFacts {
  /** Highest score first. */
  readonly items: readonly InboxItem[];
  readonly hasMore: boolean;
  /** Null: any status. */
  readonly status: string | null;
  readonly minScore: number | null;
}

/** The inbox as a document: the filter, and a line for each card. */
export function inboxDocument(
  { items, hasMore, status, minScore }: InboxFacts,
  { language, by, at }: Exported,
): PrintableDocument {
  const say = { ...wordsIn[language], ...momentsIn(language) };
  const statuses: Readonly<Record<string, string>> = say.status;
  const wanted = [
    status === null ? say.every : (statuses[status] ?? status),
    ...(minScore === null ? [] : [`${say.atLeast} ${minScore}`]),
  ];
  const table = {
    kind: "table",
    columns: [
      { name: say.score, width: 7, align: "right" },
      { name: say.account, width: 18, align: "left" },
      { name: say.title, width: 38, align: "left" },
      { name: say.categoryName, width: 14, align: "left" },
      { name: say.statusName, width: 12, align: "left" },
      { name: say.received, width: 11, align: "left" },
    ],
    rows: items.map((item) => [
      item.score.toFixed(1),
      item.accountName,
      item.title,
      say.category[item.category],
      statuses[item.status] ?? item.status,
      say.day(item.receivedAt),
    ]),
  } as const;
  return {
    language,
    layout: "landscape",
    kind: say.house,
    title: say.inbox,
    figure: null,
    facts: [
      { name: say.filter, value: wanted.join(" · ") },
      { name: say.shown, value: String(items.length) },
    ],
    blocks: [
      ...(hasMore
        ? [{ kind: "paragraph", text: say.first, tone: "quiet" } as const]
        : []),
      items.length === 0
        ? { kind: "paragraph", text: say.empty, tone: "quiet" }
        : table,
    ],
    author: by,
    at,
    foot: {
      text: `${say.exported} ${say.full(at)} ${say.exportedBy} ${by}`,
      page: say.page,
    },
  };
}
