import { ActionIcon, Button, Indicator, Tabs, TextInput } from "@mantine/core";
import {
  IconAdjustmentsHorizontal,
  IconKeyboard,
  IconSearch,
} from "@tabler/icons-react";
import { Suspense, useState } from "react";
import { useTranslations } from "use-intl";
import { afterFirstContent } from "../../lib/firstContent.ts";
import { InboxStatus } from "./filters.ts";
import classes from "./InboxBar.module.css";
import type { InboxSearch } from "./search.ts";
import { useCounts } from "./useCounts.ts";
import { lazyComponent } from "../../lib/lazyComponent.ts";

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

/** Which cards are shown, how many there are, and what else can be done with the list. */
export function InboxBar({
  search,
  onSearch,
  shown,
  onHelp,
}: {
  readonly search: InboxSearch;
  readonly onSearch: (change: Partial<InboxSearch>) => void;
  /** Grows and shrinks with the list; the counts are asked for anew then. */
  readonly shown: number;
  readonly onHelp: () => void;
}) {
  const t = useTranslations("inbox");
  const statusName = useTranslations("status");
  const [filtering, setFiltering] = useState(false);
  const counts = useCounts(shown);
  const { status = "in_review" } = search;
  const active = activeFilters(search);
  return (
    <header className={classes["bar"]}>
      <div className={classes["line"]}>
        <h1 className={classes["title"]}>{t("title")}</h1>
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
        <Indicator disabled={active === 0} label={active} size={16} offset={4}>
          <Button
            variant={filtering ? "light" : "default"}
            leftSection={<IconAdjustmentsHorizontal size={14} aria-hidden />}
            aria-expanded={filtering}
            onClick={() => {
              setFiltering(!filtering);
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
          {InboxStatus.options
            .filter(
              (name) =>
                always.includes(name) ||
                name === status ||
                (counts?.[name] ?? 0) > 0,
            )
            .map((name) => (
              <Tabs.Tab key={name} value={name}>
                {name === "all" ? t("all") : statusName(name)}
                {counts?.[name] !== undefined && (
                  <span className={classes["count"]}> {counts[name]}</span>
                )}
              </Tabs.Tab>
            ))}
        </Tabs.List>
      </Tabs>
      <Suspense>
        {filtering && <FilterPanel search={search} onSearch={onSearch} />}
      </Suspense>
    </header>
  );
}

function activeFilters(search: InboxSearch): number {
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
