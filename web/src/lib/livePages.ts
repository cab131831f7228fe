import type { Firestore } from "firebase/firestore";
import { useEffect, useMemo, useRef, useState } from "react";
import type { CollectionRef } from "../../../functions/src/domain/collections.ts";
import { type Ask, type Found, listen } from "./live.ts";
import { useSession } from "./session.ts";

/** A long list, as far as it was asked for. */
export interface Pages<T> {
  readonly state: "loading" | "ready" | "failed";
  readonly items: readonly Found<T>[];
  readonly hasMore: boolean;
  readonly error: Error | null;
  /** Asks for the next page; does nothing while one is on its way. */
  readonly more: () => void;
}

/** A page begins small, so that what comes into it later fits under the rules' limit of 200. */
const pageSize = 100;
const limit = 200;

/** A list of any length, live throughout: each page is a listener of its own, bounded by the order's values and not by a count. The last of `orderBy` must be `__name__`. */
export function useLivePages<T>(
  from: CollectionRef<T>,
  ask: Omit<Ask, "limit" | "after" | "until">,
): Pages<T> {
  const { firestore } = useSession();
  const [pages, setPages] = useState<Omit<Pages<T>, "more">>(nothingYet);
  const reader = useRef<{ readonly more: () => void } | null>(null);
  const key = useMemo(() => JSON.stringify([from.path, ask]), [from.path, ask]);
  useEffect(() => {
    setPages(nothingYet);
    const reading = readPages(firestore, { from, ask }, setPages);
    reader.current = reading;
    return () => {
      reader.current = null;
      reading.stop();
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the key says what is asked.
  }, [firestore, key]);
  return { ...pages, more: () => reader.current?.more() };
}

const nothingYet = {
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
  isHere: boolean;
  stop: () => void;
}

function readPages<T>(
  firestore: Firestore,
  asked: {
    readonly from: CollectionRef<T>;
    readonly ask: Omit<Ask, "limit" | "after" | "until">;
  },
  tell: (pages: Omit<Pages<T>, "more">) => void,
): { readonly more: () => void; readonly stop: () => void } {
  const { from, ask } = asked;
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
      hasMore:
        last === undefined || !last.isHere || last.items.length >= pageSize,
      error: null,
    });
  };
  const open = (page: Page<T>) => {
    page.stop();
    page.stop = listen(
      firestore,
      from,
      {
        ...ask,
        limit: page.until === undefined ? pageSize : limit,
        after: page.after,
        until: page.until,
      },
      (live) => {
        if (live.state === "failed")
          tell({ ...nothingYet, state: "failed", error: live.error });
        if (live.state !== "ready") return;
        page.items = live.value;
        page.isHere = true;
        const middle = page.items[pageSize - 1];
        if (page.items.length >= limit && middle !== undefined)
          split(page, middle);
        show();
      },
    );
  };
  /** What would no longer fit under the limit would be left out without a word. */
  const split = (page: Page<T>, middle: Found<T>) => {
    const at = valuesOf(middle);
    const second = newPage<T>(at, page.until);
    second.items = page.items.slice(pageSize);
    second.isHere = true;
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
      if (!last.isHere || last.items.length < pageSize) return;
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
  return { after, until, items: [], isHere: false, stop: () => undefined };
}
