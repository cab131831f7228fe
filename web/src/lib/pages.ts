import type { Ask } from "./ask.ts";
import type { Found, Live } from "./live.ts";

/** What a long list asks for; the last of its order must be `__name__`. */
export type PagedAsk = Omit<Ask, "limit" | "after" | "until">;

/** A long list, as far as it was read. */
export interface Paged<T> {
  readonly state: "loading" | "ready" | "failed";
  readonly items: readonly Found<T>[];
  readonly hasMore: boolean;
  readonly error: Error | null;
}

/** Listens to a part of the list until the answer is called; told besides how many documents came, those that cannot be shown included. */
type Listen<T> = (
  ask: Ask,
  tell: (live: Live<readonly Found<T>[]>, came: number) => void,
) => () => void;

/** How many pages on either side of what is looked at stay live. A listener costs the browser the more, the more documents others hold. */
const keptLive = 2;

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
  items: readonly Found<T>[];
  came: number;
  isHere: boolean;
  /** It is out of sight and shows what was last known. */
  isPaused: boolean;
  stop: () => void;
}

/** How a long list is read on, followed and left. */
export interface Reading {
  /** Asks for the next page; does nothing while one is on its way. */
  readonly more: () => void;
  /** Says which items are looked at, by their places: pages far from them are no longer listened to, and again when they come near. */
  readonly look: (first: number, last: number) => void;
  readonly stop: () => void;
}

/**
 * Reads a list page by page, each a listener of its own. A page with another behind it ends at a value of the order and
 * not after a count, so nothing is missed or told twice, whatever comes and goes; its listener is bounded by that value
 * only once something has come or gone, since until then it would be asked for the same again.
 */
export function readPages<T>(
  listen: Listen<T>,
  ask: PagedAsk,
  tell: (pages: Paged<T>) => void,
): Reading {
  const pages: Page<T>[] = [];
  const valuesOf = (item: Found<T>) =>
    ask.orderBy.map(([field]) =>
      field === "__name__" ? item.id : valueAt(item, field),
    );
  const show = () => {
    const last = pages.at(-1);
    tell({
      state: pages[0]?.isHere === true ? "ready" : "loading",
      items: pages.flatMap(({ items }) => items),
      hasMore: last === undefined || !last.isHere || last.came >= pageSize,
      error: null,
    });
  };
  const open = (page: Page<T>) => {
    page.stop();
    page.isBounded = page.until !== undefined;
    page.isPaused = false;
    const part = {
      ...ask,
      limit: page.until === undefined ? pageSize : limit,
      after: page.after,
      until: page.until,
    };
    page.stop = listen(part, (live, came) => {
      if (live.state === "failed")
        tell({ ...nothingYet, state: "failed", error: live.error });
      if (live.state !== "ready") return;
      if (!page.isBounded && page.until !== undefined && !endsAt(page, live)) {
        open(page);
        return;
      }
      Object.assign(page, { items: live.value, came, isHere: true });
      const middle = page.items[pageSize - 1];
      if (came >= limit && middle !== undefined) split(page, middle);
      show();
    });
  };
  const endsAt = (
    { until }: Page<T>,
    { value }: { readonly value: readonly Found<T>[] },
  ) => {
    const end = value.at(-1);
    return (
      end !== undefined &&
      JSON.stringify(valuesOf(end)) === JSON.stringify(until)
    );
  };
  /** What would no longer fit under the limit would be left out without a word. */
  const split = (page: Page<T>, middle: Found<T>) => {
    const at = valuesOf(middle);
    const second = newPage<T>(at, page.until);
    Object.assign(second, {
      items: page.items.slice(pageSize),
      came: page.came - pageSize,
      isHere: true,
    });
    page.items = page.items.slice(0, pageSize);
    page.until = at;
    pages.splice(pages.indexOf(page) + 1, 0, second);
    open(page);
    open(second);
  };

  const first = newPage<T>(undefined, undefined);
  pages.push(first);
  open(first);
  return {
    more: () => {
      const last = pages.at(-1);
      const end = last?.items.at(-1);
      if (last === undefined || end === undefined) return;
      if (!last.isHere || last.came < pageSize) return;
      last.until = valuesOf(end);
      const next = newPage<T>(last.until, undefined);
      pages.push(next);
      open(next);
    },
    look: (first, last) => {
      let start = 0;
      for (const page of pages) {
        const end = start + page.items.length;
        const isNear =
          end >= first - keptLive * pageSize &&
          start <= last + keptLive * pageSize;
        if (isNear && page.isPaused) open(page);
        else if (!isNear && !page.isPaused && page.until !== undefined) {
          page.isPaused = true;
          page.stop();
        }
        start = end;
      }
    },
    stop: () => {
      for (const { stop } of pages) stop();
    },
  };
}

/** The value at a path like `error.at`. */
function valueAt(item: object, path: string): unknown {
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
