import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconBuilding, IconFilterOff } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { useKeys } from "../../lib/keys.ts";
import { Empty } from "../../parts/Empty.tsx";
import { Trouble } from "../../parts/Trouble.tsx";
import classes from "./Accounts.module.css";
import { AccountsBar, searchId } from "./AccountsBar.tsx";
import { AccountsSkeleton } from "./AccountsSkeleton.tsx";
import { AccountsTable } from "./AccountsTable.tsx";
import { sifted } from "./rows.ts";
import type { AccountsSearch } from "./search.ts";
import { useAccounts } from "./useAccounts.ts";

/** The accounts that the person sees: how each does, and who needs somebody first. */
export function Accounts({
  search,
  onSearch,
  onOpen,
}: {
  readonly search: AccountsSearch;
  /** Changes the address, hence what is shown. */
  readonly onSearch: (change: Partial<AccountsSearch>) => void;
  readonly onOpen: (id: string) => void;
}) {
  const t = useTranslations("accounts");
  const accounts = useAccounts();
  const [q] = useDebouncedValue(search.q, 150);
  const { owner, sort, reverse } = search;
  const rows = useMemo(
    () => sifted(accounts.rows, { q, owner, sort, reverse }),
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
      {accounts.error !== null ? (
        <Trouble title={t("failed")} error={accounts.error} />
      ) : accounts.state === "loading" ? (
        <AccountsSkeleton />
      ) : rows.length > 0 ? (
        <AccountsTable
          rows={rows}
          search={search}
          onSearch={onSearch}
          onOpen={onOpen}
          toReview={accounts.toReview}
          isReading={accounts.isReading}
          onEnd={accounts.more}
        />
      ) : accounts.rows.length > 0 ? (
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
      ) : (
        <Empty
          icon={<IconBuilding size={36} stroke={1.25} aria-hidden />}
          title={t("none")}
          text={t("noneText")}
        />
      )}
    </div>
  );
}
