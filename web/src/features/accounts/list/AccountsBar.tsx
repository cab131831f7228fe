import { ActionIcon, Select, TextInput } from "@mantine/core";
import {
  IconSearch,
  IconSortAscending,
  IconSortDescending,
} from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { usePersonName } from "../../../lib/api/people.ts";
import classes from "./AccountsBar.module.css";
import { usualOrder } from "./rows.ts";
import { type AccountsSearch, SortBy } from "../search.ts";

export const searchId = "accounts-search";

interface SearchProps {
  readonly search: AccountsSearch;
  readonly onSearch: (change: Partial<AccountsSearch>) => void;
}

/** Which accounts are listed, how many, and in which order. */
export function AccountsBar({
  search,
  onSearch,
  owners,
  count,
}: SearchProps & {
  readonly owners: readonly string[];
  /** Null while it is not known. */
  readonly count: number | null;
}) {
  const t = useTranslations("accounts");
  const personName = usePersonName();
  return (
    <header className={classes["bar"]}>
      <h1 className={classes["title"]}>
        {t("title")}
        {count !== null && (
          <span className={classes["count"]} role="status">
            {" "}
            {t("count", { count })}
          </span>
        )}
      </h1>
      <TextInput
        id={searchId}
        className={classes["search"] ?? ""}
        size="xs"
        type="search"
        aria-label={t("search")}
        placeholder={t("search")}
        leftSection={<IconSearch size={14} aria-hidden />}
        value={search.q ?? ""}
        onChange={(event) => {
          const { value } = event.currentTarget;
          onSearch({ q: value === "" ? undefined : value });
        }}
      />
      <Select
        className={classes["owner"] ?? ""}
        size="xs"
        aria-label={t("owner")}
        placeholder={t("anyOwner")}
        clearable
        searchable
        data={owners
          .map((uid) => ({ value: uid, label: personName(uid) }))
          .sort((a, b) => a.label.localeCompare(b.label))}
        value={search.owner ?? null}
        onChange={(owner) => {
          onSearch({ owner: owner ?? undefined });
        }}
      />
      <SortOrder search={search} onSearch={onSearch} />
    </header>
  );
}

/** On a phone, where no column can be sorted by its heading. */
function SortOrder({
  search: { sort = "health", reverse = false },
  onSearch,
}: SearchProps) {
  const t = useTranslations("accounts");
  const isUp = (usualOrder[sort] === "ascending") !== reverse;
  const Icon = isUp ? IconSortAscending : IconSortDescending;
  return (
    <div className={classes["order"]}>
      <Select
        size="xs"
        aria-label={t("sort")}
        allowDeselect={false}
        data={SortBy.options.map((value) => ({
          value,
          label: t(`sortBy.${value}`),
        }))}
        value={sort}
        onChange={(value) => {
          onSearch({ sort: SortBy.parse(value), reverse: undefined });
        }}
      />
      <ActionIcon
        variant="default"
        size={30}
        aria-label={t(isUp ? "ascending" : "descending")}
        onClick={() => {
          onSearch({ reverse: reverse ? undefined : true });
        }}
      >
        <Icon size={16} aria-hidden />
      </ActionIcon>
    </div>
  );
}
