import type { Ask, Found, Live } from "./live.ts";

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
  /** Undefined for the last page. */
  until: readonly unknown[] | undefined;
  items: readonly Found<T>[];
  came: number;
  isHere: boolean;
  stop: () => void;
}

/** Reads a list page by page, each a listener of its own that is bounded by the order's values and not by a count: so nothing is missed or told twice, whatever comes and goes. */
export function readPages<T>(
  listen: Listen<T>,
  ask: PagedAsk,
  tell: (pages: Paged<T>) => void,
): { readonly more: () => void; readonly stop: () => void } {
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
      Object.assign(page, { items: live.value, came, isHere: true });
      const middle = page.items[pageSize - 1];
      if (came >= limit && middle !== undefined) split(page, middle);
      show();
    });
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
      open(last);
      open(next);
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
    items: [],
    came: 0,
    isHere: false,
    stop: () => undefined,
  };
}
