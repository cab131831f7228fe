import type { ListQuery } from "./listQuery.ts";
import type { WithId, Live } from "./live.ts";

/** What a long list asks for; the last of its order must be `__name__`. */
export type PagedQuery = Omit<ListQuery, "limit" | "after" | "until">;

/** A long list, as far as it was read. */
export interface Paged<T> {
  readonly state: "loading" | "ready" | "failed";
  readonly items: readonly WithId<T>[];
  readonly hasMore: boolean;
  readonly error: Error | null;
}

/** Listens to a part of the list until the function that it returns is called; also tells how many documents came, those that cannot be shown included. */
type Listen<T> = (
  ask: ListQuery,
  tell: (live: Live<readonly WithId<T>[]>, came: number) => void,
) => () => void;

/** How many pages on either side of what is in sight stay live. A listener costs the browser the more, the more documents others hold. */
const pagesKeptLive = 2;

/** A page begins small, so that what comes into it later fits under the rules' limit of 200. */
export const pageSize = 100;
const limit = 200;

export const nothingYet = {
  state: "loading",
  items: [],
  hasMore: false,
  error: null,
} as const;

interface Page<T> {
  readonly after: readonly unknown[] | undefined;
  /** The values of its last item; undefined for the last page. */
  until: readonly unknown[] | undefined;
  /** Whether its listener asks up to `until`, and not for a number of items that happens to end there. */
  isBounded: boolean;
  items: readonly WithId<T>[];
  came: number;
  isHere: boolean;
  /** It is out of sight and shows what was last known. */
  isPaused: boolean;
  stop: () => void;
}

/** How a long list is read on, followed and left. */
export interface PageReader {
  /** Asks for the next page; does nothing while one is on its way. */
  readonly more: () => void;
  /** Says which items are in sight, by their places: pages far from them are paused until they come near again. */
  readonly setVisible: (first: number, last: number) => void;
  readonly stop: () => void;
}

/** A list that is being read: its query, its pages so far, and who hears of them. */
interface List<T> {
  readonly listen: Listen<T>;
  readonly ask: PagedQuery;
  readonly tell: (paged: Paged<T>) => void;
  readonly pages: Page<T>[];
}

/**
 * Reads a list page by page, each a listener of its own. A page with another behind it ends at a value of the order and
 * not after a count, so nothing is missed or shown twice, whatever comes and goes; its listener is bounded by that value
 * only once something has come or gone, since until then it would be asked for the same again.
 */
export function readPages<T>(
  listen: Listen<T>,
  ask: PagedQuery,
  tell: (paged: Paged<T>) => void,
): PageReader {
  const list: List<T> = { listen, ask, tell, pages: [] };
  append(list, undefined);
  return {
    more: () => {
      readMore(list);
    },
    setVisible: (first, last) => {
      listenAround(list, first, last);
    },
    stop: () => {
      for (const { stop } of list.pages) stop();
    },
  };
}

function append<T>(list: List<T>, after: Page<T>["after"]): void {
  const page = newPage<T>(after, undefined);
  list.pages.push(page);
  open(list, page);
}

function readMore<T>(list: List<T>): void {
  const last = list.pages.at(-1);
  const end = last?.items.at(-1);
  if (last === undefined || end === undefined) return;
  if (!last.isHere || last.came < pageSize) return;
  last.until = orderValues(list.ask, end);
  append(list, last.until);
}

/** Pauses the pages that are far from these places, and opens those that are near again. */
function listenAround<T>(list: List<T>, first: number, last: number): void {
  const reach = pagesKeptLive * pageSize;
  let start = 0;
  for (const page of list.pages) {
    const end = start + page.items.length;
    const isNear = end >= first - reach && start <= last + reach;
    if (isNear && page.isPaused) open(list, page);
    else if (!isNear && !page.isPaused && page.until !== undefined) {
      page.isPaused = true;
      page.stop();
    }
    start = end;
  }
}

function open<T>(list: List<T>, page: Page<T>): void {
  page.stop();
  page.isBounded = page.until !== undefined;
  page.isPaused = false;
  const part = {
    ...list.ask,
    limit: page.until === undefined ? pageSize : limit,
    after: page.after,
    until: page.until,
  };
  page.stop = list.listen(part, (live, came) => {
    if (live.state === "failed")
      list.tell({ ...nothingYet, state: "failed", error: live.error });
    if (live.state !== "ready") return;
    const { isBounded, until } = page;
    if (
      until !== undefined &&
      !isBounded &&
      !endsAt(list.ask, live.value, until)
    )
      return open(list, page);
    Object.assign(page, { items: live.value, came, isHere: true });
    const middle = page.items[pageSize - 1];
    if (came >= limit && middle !== undefined) split(list, page, middle);
    tellAll(list);
  });
}

/** In two at the item: what no longer fits under the limit would be left out without a word. */
function split<T>(list: List<T>, page: Page<T>, middle: WithId<T>): void {
  const at = orderValues(list.ask, middle);
  const second = newPage<T>(at, page.until);
  Object.assign(second, {
    items: page.items.slice(pageSize),
    came: page.came - pageSize,
    isHere: true,
  });
  page.items = page.items.slice(0, pageSize);
  page.until = at;
  list.pages.splice(list.pages.indexOf(page) + 1, 0, second);
  open(list, page);
  open(list, second);
}

function tellAll<T>({ pages, tell }: List<T>): void {
  const last = pages.at(-1);
  tell({
    state: pages[0]?.isHere === true ? "ready" : "loading",
    items: pages.flatMap(({ items }) => items),
    hasMore: last === undefined || !last.isHere || last.came >= pageSize,
    error: null,
  });
}

function endsAt<T>(
  ask: PagedQuery,
  items: readonly WithId<T>[],
  until: readonly unknown[],
): boolean {
  const end = items.at(-1);
  return (
    end !== undefined &&
    JSON.stringify(orderValues(ask, end)) === JSON.stringify(until)
  );
}

/** The values by which an item is ordered, as a listener is bounded by them. */
function orderValues<T>(ask: PagedQuery, item: WithId<T>): readonly unknown[] {
  return ask.orderBy.map(([field]) =>
    field === "__name__" ? item.id : valueAtPath(item, field),
  );
}

/** The value at a path like `error.at`. */
function valueAtPath(item: object, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (inner, key) =>
        typeof inner === "object" && inner !== null
          ? Reflect.get(inner, key)
          : undefined,
      item,
    );
}

function newPage<T>(after: Page<T>["after"], until: Page<T>["until"]): Page<T> {
  return {
    after,
    until,
    isBounded: until !== undefined,
    items: [],
    came: 0,
    isHere: false,
    isPaused: false,
    stop: () => undefined,
  };
}
