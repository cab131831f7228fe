import { Button, Group, MultiSelect, Select } from "@mantine/core";
import { useTranslations } from "use-intl";
import * as at from "../../../../functions/src/domain/collections.ts";
import { Category } from "../../../../functions/src/domain/signals/signal.ts";
import { SourceKind } from "../../../../functions/src/domain/sources/source.ts";
import { useLiveList } from "../../lib/live.ts";
import { usePeople } from "../../lib/people.ts";
import { mine, useSession } from "../../lib/session.ts";
import classes from "./FilterPanel.module.css";
import { Since } from "./filters.ts";
import type { InboxSearch } from "./search.ts";

const scores = ["50", "60", "70", "80", "90"];

/** By what the list can be narrowed. */
export function FilterPanel({
  search,
  onSearch,
}: {
  readonly search: InboxSearch;
  readonly onSearch: (change: Partial<InboxSearch>) => void;
}) {
  const t = useTranslations("inbox");
  const category = useTranslations("category");
  const source = useTranslations("source");
  const session = useSession();
  const people = usePeople();
  const accounts = useLiveList(at.accounts(session.tenantId), {
    where: mine(session),
    orderBy: [["name", "asc"]],
    limit: 200,
  });
  return (
    <div className={classes["panel"]}>
      <MultiSelect
        label={t("category")}
        size="xs"
        clearable
        searchable
        data={Category.options.map((value) => ({
          value,
          label: category(value),
        }))}
        value={search.category ?? []}
        onChange={(value) => {
          onSearch({ category: value.length === 0 ? undefined : value });
        }}
      />
      <MultiSelect
        label={t("source")}
        size="xs"
        clearable
        data={SourceKind.options.map((value) => ({
          value,
          label: source(value),
        }))}
        value={search.source ?? []}
        onChange={(value) => {
          onSearch({ source: value.length === 0 ? undefined : value });
        }}
      />
      <Select
        label={t("account")}
        size="xs"
        clearable
        searchable
        data={
          accounts.state === "ready"
            ? accounts.value.map(({ id, name }) => ({ value: id, label: name }))
            : []
        }
        value={search.account ?? null}
        onChange={(value) => {
          onSearch({ account: value ?? undefined });
        }}
      />
      <Select
        label={t("owner")}
        size="xs"
        clearable
        searchable
        data={people
          .filter(({ active }) => active)
          .map(({ uid, name }) => ({ value: uid, label: name }))}
        value={search.owner ?? null}
        onChange={(value) => {
          onSearch({ owner: value ?? undefined });
        }}
      />
      <Select
        label={t("minScore")}
        size="xs"
        clearable
        data={scores.map((value) => ({
          value,
          label: t("atLeast", { score: value }),
        }))}
        value={search.minScore === undefined ? null : String(search.minScore)}
        onChange={(value) => {
          onSearch({ minScore: value === null ? undefined : Number(value) });
        }}
      />
      <Select
        label={t("since")}
        size="xs"
        clearable
        data={Since.options.map((value) => ({
          value,
          label: t("lastDays", { days: Number(value) }),
        }))}
        value={search.since ?? null}
        onChange={(value) => {
          onSearch({ since: value === null ? undefined : Since.parse(value) });
        }}
      />
      <Group align="end">
        <Button
          variant="subtle"
          onClick={() => {
            onSearch({
              q: undefined,
              category: undefined,
              source: undefined,
              account: undefined,
              owner: undefined,
              minScore: undefined,
              since: undefined,
            });
          }}
        >
          {t("clearFilters")}
        </Button>
      </Group>
    </div>
  );
}
