import { ActionIcon, Button, Indicator, Tabs, TextInput } from "@mantine/core";
import {
  IconAdjustmentsHorizontal,
  IconKeyboard,
  IconSearch,
} from "@tabler/icons-react";
import { Suspense, useState } from "react";
import { useTranslations } from "use-intl";
import { afterFirstContent } from "../../../../lib/page/firstContent.ts";
import { InboxStatus } from "../filters.ts";
import classes from "./InboxBar.module.css";
import type { InboxSearch } from "../search.ts";
import { useCounts } from "./useCounts.ts";
import { lazyComponent } from "../../../../lib/page/lazyComponent.ts";

/** The statuses that are always offered; others where there are cards in them. */
const always: readonly InboxStatus[] = [
  "in_review",
  "snoozed",
  "activated",
  "rejected",
  "all",
];

const InboxTools = lazyComponent(
  () => afterFirstContent(() => import("./InboxTools.tsx")),
  (module) => module.InboxTools,
);
const FilterPanel = lazyComponent(
  () => import("./FilterPanel.tsx"),
  (module) => module.FilterPanel,
);

interface SearchProps {
  readonly search: InboxSearch;
  readonly onSearch: (change: Partial<InboxSearch>) => void;
}

/** Which cards are shown, how many there are, and what else can be done with the list. */
export function InboxBar({
  search,
  onSearch,
  shown,
  onHelp,
}: SearchProps & {
  /** The length of the list: when it changes, the cards are counted again. */
  readonly shown: number;
  readonly onHelp: () => void;
}) {
  const t = useTranslations("inbox");
  const [isFiltering, setIsFiltering] = useState(false);
  const filterCount = countFilters(search);
  return (
    <header className={classes["bar"]}>
      <div className={classes["line"]}>
        <h1 className={classes["title"]}>{t("title")}</h1>
        <SearchField search={search} onSearch={onSearch} />
        <Indicator
          disabled={filterCount === 0}
          label={filterCount}
          size={16}
          offset={4}
        >
          <Button
            variant={isFiltering ? "light" : "default"}
            leftSection={<IconAdjustmentsHorizontal size={14} aria-hidden />}
            aria-expanded={isFiltering}
            onClick={() => {
              setIsFiltering(!isFiltering);
            }}
          >
            {t("filters")}
          </Button>
        </Indicator>
        <Suspense>
          <InboxTools search={search} onSearch={onSearch} />
        </Suspense>
        <ActionIcon
          title={t("keys")}
          variant="subtle"
          aria-label={t("keys")}
          onClick={onHelp}
          visibleFrom="sm"
        >
          <IconKeyboard size={18} stroke={1.75} aria-hidden />
        </ActionIcon>
      </div>
      <StatusTabs search={search} onSearch={onSearch} changed={shown} />
      <Suspense>
        {isFiltering && <FilterPanel search={search} onSearch={onSearch} />}
      </Suspense>
    </header>
  );
}

function SearchField({ search, onSearch }: SearchProps) {
  const t = useTranslations("inbox");
  return (
    <TextInput
      id="inbox-search"
      className={classes["search"] ?? ""}
      size="xs"
      type="search"
      aria-label={t("search")}
      placeholder={t("searchHint")}
      leftSection={<IconSearch size={14} aria-hidden />}
      value={search.q ?? ""}
      onChange={(event) => {
        const { value } = event.currentTarget;
        onSearch({ q: value === "" ? undefined : value });
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.blur();
      }}
    />
  );
}

function StatusTabs({
  search: { status = "in_review" },
  onSearch,
  changed,
}: SearchProps & { readonly changed: number }) {
  const t = useTranslations("inbox");
  const statusName = useTranslations("status");
  const counts = useCounts(changed);
  const offered = InboxStatus.options.filter(
    (name) =>
      always.includes(name) || name === status || (counts?.[name] ?? 0) > 0,
  );
  return (
    <Tabs
      className={classes["tabs"] ?? ""}
      value={status}
      onChange={(value) => {
        const chosen = InboxStatus.parse(value);
        onSearch({
          status: chosen === "in_review" ? undefined : chosen,
          card: undefined,
        });
      }}
    >
      <Tabs.List aria-label={t("status")}>
        {offered.map((name) => (
          <Tabs.Tab key={name} value={name}>
            {name === "all" ? t("all") : statusName(name)}
            {counts?.[name] !== undefined && (
              <span className={classes["count"]}> {counts[name]}</span>
            )}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  );
}

function countFilters(search: InboxSearch): number {
  const { category, source, account, owner, minScore, since } = search;
  return [
    (category?.length ?? 0) > 0,
    (source?.length ?? 0) > 0,
    account !== undefined,
    owner !== undefined,
    minScore !== undefined,
    since !== undefined,
  ].filter(Boolean).length;
}
