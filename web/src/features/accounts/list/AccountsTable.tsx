import { Loader, Text, UnstyledButton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { AccountRow } from "./AccountRow.tsx";
import classes from "./AccountsTable.module.css";
import { type Row, usualOrder } from "./rows.ts";
import type { AccountsSearch, SortBy } from "../search.ts";

/** In pixels, as the style sheet has them: a line, and a card on a phone. */
const rowHeight = 48;
const cardHeight = 112;

const columns = [
  { name: "name", sort: "name" },
  { name: "health", sort: "health" },
  { name: "intent", sort: "intent" },
  { name: "trend", sort: "trend" },
  { name: "toReview", sort: null },
  { name: "owners", sort: null },
  { name: "sources", sort: null },
  { name: "lastSignal", sort: "signal" },
] as const;

interface TableProps {
  readonly rows: readonly Row[];
  readonly search: AccountsSearch;
  readonly onSearch: (change: Partial<AccountsSearch>) => void;
  readonly onOpen: (id: string) => void;
  readonly toReview: ReadonlyMap<string, number> | null;
  readonly isReading: boolean;
  readonly onEnd: () => void;
}

/** The accounts, however many: a table, and on a phone cards. */
export function AccountsTable({
  rows,
  search,
  onSearch,
  onOpen,
  toReview,
  isReading,
  onEnd,
}: TableProps) {
  const t = useTranslations("accounts");
  const scrolled = useRef<HTMLDivElement>(null);
  const { height, visible } = useVisibleRows({ rows, scrolled, onEnd });
  return (
    <div
      ref={scrolled}
      className={classes["table"]}
      role="table"
      aria-label={t("title")}
      aria-rowcount={rows.length + 1}
    >
      <Head search={search} onSearch={onSearch} />
      <div role="rowgroup" className={classes["all"]} style={{ height }}>
        {visible.map(({ index, start, key }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <div
              key={key}
              role="row"
              aria-rowindex={index + 2}
              className={classes["place"]}
              style={{ transform: `translateY(${start}px)` }}
            >
              <AccountRow
                row={row}
                toReview={
                  toReview === null ? null : (toReview.get(row.account.id) ?? 0)
                }
                onOpen={onOpen}
              />
            </div>
          );
        })}
      </div>
      {isReading && (
        <Text size="xs" c="dimmed" ta="center" p="sm" role="status">
          <Loader size={12} mr={6} aria-hidden /> {t("reading")}
        </Text>
      )}
    </div>
  );
}

/** The rows in sight and the height of all, in pixels; calls `onEnd` near the last row. */
function useVisibleRows({
  rows,
  scrolled,
  onEnd,
}: Pick<TableProps, "rows" | "onEnd"> & {
  readonly scrolled: RefObject<HTMLDivElement | null>;
}) {
  const isPhone = useMediaQuery("(max-width: 48em)", false, {
    getInitialValueInEffect: false,
  });
  const height = isPhone ? cardHeight : rowHeight;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scrolled.current,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.account.id ?? index,
    overscan: 8,
  });
  useEffect(() => {
    virtual.measure();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only another height asks for it.
  }, [height]);
  const visible = virtual.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 20) onEnd();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for each place reached.
  }, [last, rows.length]);
  return { height: virtual.getTotalSize(), visible };
}

function Head({
  search: { sort = "health", reverse = false },
  onSearch,
}: Pick<TableProps, "search" | "onSearch">) {
  const sortBy = (by: SortBy) => {
    onSearch(
      by === sort
        ? { reverse: reverse ? undefined : true }
        : { sort: by, reverse: undefined },
    );
  };
  return (
    <div role="rowgroup" className={classes["head"]}>
      <div role="row" aria-rowindex={1} className={classes["row"]}>
        {columns.map((column) => (
          <Heading
            key={column.name}
            column={column}
            order={column.sort === sort ? sortOrder(sort, reverse) : "none"}
            onSort={sortBy}
          />
        ))}
      </div>
    </div>
  );
}

type Order = "ascending" | "descending" | "none";

function sortOrder(sort: SortBy, reverse: boolean): Order {
  const usual = usualOrder[sort];
  if (!reverse) return usual;
  return usual === "ascending" ? "descending" : "ascending";
}

function Heading({
  column: { name, sort },
  order,
  onSort,
}: {
  readonly column: (typeof columns)[number];
  readonly order: Order;
  readonly onSort: (by: SortBy) => void;
}) {
  const t = useTranslations("accounts");
  const label = t(`column.${name}`);
  const Icon = order === "ascending" ? IconChevronUp : IconChevronDown;
  return (
    <div
      role="columnheader"
      className={classes[name]}
      {...(sort === null ? {} : { "aria-sort": order })}
    >
      {sort === null ? (
        label
      ) : (
        <UnstyledButton
          className={classes["sort"] ?? ""}
          onClick={() => {
            onSort(sort);
          }}
        >
          {label}
          {order !== "none" && <Icon size={13} aria-hidden />}
        </UnstyledButton>
      )}
    </div>
  );
}
