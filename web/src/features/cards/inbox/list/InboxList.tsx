import { Button, Loader, Text } from "@mantine/core";
import { IconArrowUp } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useTranslations } from "use-intl";
import type { InboxItem } from "../../../../../../functions/src/domain/cards/inbox.ts";
import type { WithId } from "../../../../lib/firestore/live.ts";
import classes from "./InboxList.module.css";
import { InboxRow, type RowProps } from "./InboxRow.tsx";
import { useNewCards } from "./useNewCards.ts";

/** How many cards before the end the next page is asked for. */
const readAhead = 80;

/** In pixels, as the style sheet has it. */
const rowHeight = 76;

/** The same function at each render, or all rows would be measured again. */
const estimateSize = () => rowHeight;

interface ListProps extends Pick<
  RowProps,
  "canSelect" | "showStatus" | "onOpen" | "onSelect"
> {
  readonly items: readonly WithId<InboxItem>[];
  readonly activeId: string | null;
  readonly selected: ReadonlySet<string>;
  readonly isLoadingMore: boolean;
  readonly onEnd: () => void;
  /** Called with the places of the first and the last item in sight. */
  readonly onVisible: (first: number, last: number) => void;
}

/** The cards, however many; new ones above do not move what is being read. */
export function InboxList({
  items,
  activeId,
  selected,
  isLoadingMore,
  onEnd,
  onVisible,
  ...row
}: ListProps) {
  const t = useTranslations("inbox");
  const scrolled = useRef<HTMLDivElement>(null);
  const list = { items, activeId, scrolled, onEnd, onVisible };
  const { height, visible } = useVisibleRows(list);
  const newIds = useNewCards(items);
  const above = useAnchor(scrolled, items);
  return (
    <div className={classes["around"]}>
      {above.count > 0 && (
        <NewAbove count={above.count} onClick={above.scrollUp} />
      )}
      <div
        ref={scrolled}
        className={classes["list"]}
        role="grid"
        aria-rowcount={items.length}
        aria-label={t("cards")}
        aria-activedescendant={
          activeId === null ? undefined : `card-${activeId}`
        }
        tabIndex={0}
        data-selecting={selected.size > 0 || undefined}
        onScroll={above.onScroll}
      >
        <div className={classes["all"]} role="rowgroup" style={{ height }}>
          {visible.map(({ item, index, start }) => (
            <Place key={item.id} start={start}>
              <InboxRow
                {...row}
                item={item}
                place={index + 1}
                isActive={item.id === activeId}
                isSelected={selected.has(item.id)}
                isNew={newIds.has(item.id)}
              />
            </Place>
          ))}
        </div>
        {isLoadingMore && <LoadingMore />}
      </div>
    </div>
  );
}

/** The cards in sight and the height of all, in pixels; scrolls to the active card when another becomes it. */
function useVisibleRows({
  items,
  activeId,
  scrolled,
  onEnd,
  onVisible,
}: Pick<ListProps, "items" | "activeId" | "onEnd" | "onVisible"> & {
  readonly scrolled: RefObject<HTMLDivElement | null>;
}) {
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scrolled.current,
    estimateSize,
    overscan: 6,
    useFlushSync: false,
  });
  useEffect(() => {
    const index = items.findIndex(({ id }) => id === activeId);
    if (index >= 0) virtual.scrollToIndex(index, { align: "auto" });
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only a move of the person's own scrolls.
  }, [activeId]);
  const rows = virtual.getVirtualItems();
  const first = rows[0]?.index ?? 0;
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    onVisible(first, last);
    if (last >= items.length - readAhead) onEnd();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for each place reached.
  }, [last, items.length]);
  return {
    height: virtual.getTotalSize(),
    visible: rows.flatMap(({ index, start }) => {
      const item = items[index];
      return item === undefined ? [] : [{ item, index, start }];
    }),
  };
}

/** Where a row lies, in pixels from the top. */
function Place({
  start,
  children,
}: {
  readonly start: number;
  readonly children: ReactNode;
}) {
  return (
    <div
      className={classes["place"]}
      role="presentation"
      style={{ transform: `translateY(${start}px)` }}
    >
      {children}
    </div>
  );
}

function NewAbove({
  count,
  onClick,
}: {
  readonly count: number;
  readonly onClick: () => void;
}) {
  const t = useTranslations("inbox");
  return (
    <Button
      className={classes["above"] ?? ""}
      radius="xl"
      leftSection={<IconArrowUp size={14} aria-hidden />}
      onClick={onClick}
    >
      {t("newAbove", { count })}
    </Button>
  );
}

function LoadingMore() {
  const t = useTranslations("inbox");
  return (
    <Text size="xs" c="dimmed" ta="center" p="sm" role="status">
      <Loader size={12} mr={6} aria-hidden /> {t("loadingMore")}
    </Text>
  );
}

/** Keeps the visible rows in place while others come and go above them, and counts what arrived there unseen. */
function useAnchor(
  scrolled: RefObject<HTMLDivElement | null>,
  items: readonly WithId<InboxItem>[],
) {
  const before = useRef(items);
  const [count, setCount] = useState(0);
  useLayoutEffect(() => {
    const list = scrolled.current;
    const shown = before.current;
    before.current = items;
    if (list === null || list.scrollTop < rowHeight / 2) return;
    const first = Math.floor(list.scrollTop / rowHeight);
    const places = new Map(items.map(({ id }, i) => [id, i]));
    for (let i = first; i < shown.length; i += 1) {
      const now = places.get(shown[i]?.id ?? "");
      if (now === undefined) continue;
      if (now !== i) list.scrollTop += (now - i) * rowHeight;
      if (now > i) setCount((came) => came + now - i);
      return;
    }
  }, [items, scrolled]);
  return {
    count,
    scrollUp: () => {
      scrolled.current?.scrollTo({ top: 0, behavior: "smooth" });
      setCount(0);
    },
    onScroll: () => {
      if ((scrolled.current?.scrollTop ?? 0) < rowHeight / 2) setCount(0);
    },
  };
}
