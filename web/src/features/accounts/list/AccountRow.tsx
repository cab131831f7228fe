import { Link } from "@tanstack/react-router";
import { memo, useMemo } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { usePersonName } from "../../../lib/api/people.ts";
import { useSession } from "../../../lib/session/session.ts";
import { Moment } from "../../../parts/Moment.tsx";
import classes from "./AccountRow.module.css";
import { intentLine } from "../figures/figures.ts";
import { HealthBadge } from "../figures/HealthBadge.tsx";
import type { Row } from "./rows.ts";
import { Sparkline } from "../figures/Sparkline.tsx";
import { Trend } from "../figures/Trend.tsx";
import { useToday } from "../figures/useToday.ts";

/** One account, in a line; on a phone in three. */
export const AccountRow = memo(function AccountRow({
  row: { account, known, figures },
  toReview,
  onOpen,
}: {
  readonly row: Row;
  readonly toReview: number | null;
  readonly onOpen: (id: string) => void;
}) {
  const t = useTranslations("accounts");
  const personName = usePersonName();
  const owners = account.owners.map(personName).join(", ");
  return (
    <div
      className={classes["row"]}
      role="presentation"
      onClick={() => {
        onOpen(account.id);
      }}
    >
      <NameCell id={account.id} name={account.name} />
      <div role="cell" className={classes["health"]}>
        <HealthBadge health={figures.health} />
      </div>
      <IntentCell known={known} intent={figures.intent} />
      <div role="cell" className={classes["trend"]}>
        <Trend points={figures.trend} />
      </div>
      <div role="cell" className={classes["toReview"]}>
        {toReview === null || toReview === 0 ? (
          <span className={classes["nothing"]}>–</span>
        ) : (
          t("toReview", { count: toReview })
        )}
      </div>
      <div role="cell" className={classes["owners"]} title={owners}>
        {owners === "" ? t("nobody") : owners}
      </div>
      <div role="cell" className={classes["sources"]}>
        {account.sources.length}
      </div>
      <div role="cell" className={classes["lastSignal"]}>
        {known?.lastSignalAt == null ? (
          t("never")
        ) : (
          <Moment at={known.lastSignalAt} />
        )}
      </div>
    </div>
  );
});

function NameCell({
  id,
  name,
}: {
  readonly id: string;
  readonly name: string;
}) {
  const { tenantId } = useSession();
  return (
    <div role="cell" className={classes["name"]}>
      <Link
        to="/t/$tenant/accounts/$id"
        params={{ tenant: tenantId, id }}
        className={classes["link"]}
        onClick={(event) => {
          event.stopPropagation();
        }}
      >
        {name}
      </Link>
    </div>
  );
}

function IntentCell({
  known,
  intent,
}: Pick<Row, "known"> & { readonly intent: number }) {
  const t = useTranslations("accounts");
  const format = useFormatter();
  const { tenant } = useSession();
  const today = useToday();
  const line = useMemo(
    () => intentLine(known, { tenant, now: today }),
    [known, tenant, today],
  );
  const number = format.number(intent, { maximumFractionDigits: 0 });
  return (
    <div role="cell" className={classes["intent"]}>
      <span className={classes["number"]}>{number}</span>
      <Sparkline values={line} label={t("sparkline", { intent: number })} />
    </div>
  );
}
