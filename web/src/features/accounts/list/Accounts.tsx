import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconBuilding, IconFilterOff } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { useKeys } from "../../../lib/page/keys.ts";
import { Empty } from "../../../parts/Empty.tsx";
import { ErrorAlert } from "../../../parts/ErrorAlert.tsx";
import classes from "./Accounts.module.css";
import { AccountsBar, searchId } from "./AccountsBar.tsx";
import { AccountsSkeleton } from "./AccountsSkeleton.tsx";
import { AccountsTable } from "./AccountsTable.tsx";
import { type Row, filterAndSort } from "./rows.ts";
import type { AccountsSearch } from "../search.ts";
import { useAccounts } from "./useAccounts.ts";

interface AccountsProps {
  readonly search: AccountsSearch;
  /** Changes the address, hence what is shown. */
  readonly onSearch: (change: Partial<AccountsSearch>) => void;
  readonly onOpen: (id: string) => void;
}

/** The accounts that the person sees: their health, and which needs attention first. */
export function Accounts(props: AccountsProps) {
  const { search, onSearch } = props;
  const accounts = useAccounts();
  const [q] = useDebouncedValue(search.q, 150);
  const { owner, sort, reverse } = search;
  const rows = useMemo(
    () => filterAndSort(accounts.rows, { q, owner, sort, reverse }),
    [accounts.rows, q, owner, sort, reverse],
  );
  useKeys({ "/": () => document.getElementById(searchId)?.focus() });
  const owners = useMemo(
    () => [...new Set(accounts.rows.flatMap(({ account }) => account.owners))],
    [accounts.rows],
  );
  return (
    <div className={classes["accounts"]}>
      <AccountsBar
        search={search}
        onSearch={onSearch}
        owners={owners}
        count={accounts.state === "ready" ? rows.length : null}
      />
      <List {...props} accounts={accounts} rows={rows} />
    </div>
  );
}

/** The rows, or why there are none. */
function List({
  accounts,
  rows,
  ...props
}: AccountsProps & {
  readonly accounts: ReturnType<typeof useAccounts>;
  readonly rows: readonly Row[];
}) {
  const t = useTranslations("accounts");
  if (accounts.error !== null)
    return <ErrorAlert title={t("failed")} error={accounts.error} />;
  if (accounts.state === "loading") return <AccountsSkeleton />;
  if (rows.length > 0)
    return (
      <AccountsTable
        {...props}
        rows={rows}
        toReview={accounts.toReview}
        isReading={accounts.isReading}
        onEnd={accounts.more}
      />
    );
  if (accounts.rows.length > 0) return <NoMatch onSearch={props.onSearch} />;
  return (
    <Empty
      icon={<IconBuilding size={36} stroke={1.25} aria-hidden />}
      title={t("none")}
      text={t("noneText")}
    />
  );
}

function NoMatch({ onSearch }: Pick<AccountsProps, "onSearch">) {
  const t = useTranslations("accounts");
  return (
    <Empty
      icon={<IconFilterOff size={36} stroke={1.25} aria-hidden />}
      title={t("nothingFits")}
      text={t("nothingFitsText")}
    >
      <Button
        variant="default"
        onClick={() => {
          onSearch({ q: undefined, owner: undefined });
        }}
      >
        {t("clear")}
      </Button>
    </Empty>
  );
}
