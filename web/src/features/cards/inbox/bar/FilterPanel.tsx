import { Button, Group, MultiSelect, Select } from "@mantine/core";
import { useTranslations } from "use-intl";
import * as at from "../../../../../../functions/src/domain/collections.ts";
import { Category } from "../../../../../../functions/src/domain/signals/signal.ts";
import { SourceKind } from "../../../../../../functions/src/domain/sources/source.ts";
import { useLiveList } from "../../../../lib/firestore/live.ts";
import { usePeople } from "../../../../lib/api/people.ts";
import { whereVisible } from "../../../../lib/firestore/audience.ts";
import { useSession } from "../../../../lib/session/session.ts";
import classes from "./FilterPanel.module.css";
import { noFilters, Since } from "../filters.ts";
import type { InboxSearch } from "../search.ts";

const scores = ["50", "60", "70", "80", "90"];

interface FilterProps {
  readonly search: InboxSearch;
  readonly onSearch: (change: Partial<InboxSearch>) => void;
}

/** The filters of the list. */
export function FilterPanel(props: FilterProps) {
  const t = useTranslations("inbox");
  return (
    <div className={classes["panel"]}>
      <KindFilters {...props} />
      <AccountFilter {...props} />
      <OwnerFilter {...props} />
      <ScoreFilter {...props} />
      <AgeFilter {...props} />
      <Group align="end">
        <Button
          variant="subtle"
          onClick={() => {
            props.onSearch(noFilters);
          }}
        >
          {t("clearFilters")}
        </Button>
      </Group>
    </div>
  );
}

/** The kind of event, and the kind of source that reported it. */
function KindFilters({ search, onSearch }: FilterProps) {
  const t = useTranslations("inbox");
  const category = useTranslations("category");
  const source = useTranslations("source");
  return (
    <>
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
    </>
  );
}

function AccountFilter({ search, onSearch }: FilterProps) {
  const t = useTranslations("inbox");
  const session = useSession();
  const accounts = useLiveList(at.accounts(session.tenantId), {
    where: whereVisible(session),
    orderBy: [["name", "asc"]],
    limit: 200,
  });
  return (
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
  );
}

function OwnerFilter({ search, onSearch }: FilterProps) {
  const t = useTranslations("inbox");
  const people = usePeople();
  return (
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
  );
}

function ScoreFilter({ search: { minScore }, onSearch }: FilterProps) {
  const t = useTranslations("inbox");
  return (
    <Select
      label={t("minScore")}
      size="xs"
      clearable
      data={scores.map((value) => ({
        value,
        label: t("atLeast", { score: value }),
      }))}
      value={minScore === undefined ? null : String(minScore)}
      onChange={(value) => {
        onSearch({ minScore: value === null ? undefined : Number(value) });
      }}
    />
  );
}

function AgeFilter({ search, onSearch }: FilterProps) {
  const t = useTranslations("inbox");
  return (
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
  );
}
