import { Badge, Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import {
  IconAlertTriangle,
  IconChevronLeft,
  IconRefresh,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { z } from "zod";
import type { Account } from "../../../../../functions/src/domain/accounts/account.ts";
import { useApi } from "../../../lib/api/api.ts";
import type { Found } from "../../../lib/firestore/live.ts";
import { useNameOf } from "../../../lib/api/people.ts";
import { useMay, useSession } from "../../../lib/session/session.ts";
import classes from "./AccountHeader.module.css";
import { errorMessage } from "../../../lib/errors.ts";

const Started = z.object({ runId: z.string() });

/** Who the account is, whose it is, and the way to have its sources looked at. */
export function AccountHeader({
  account,
  isLooking,
  onLook,
}: {
  readonly account: Found<Account>;
  /** One look at a time is enough. */
  readonly isLooking: boolean;
  /** Told of the look that was started. */
  readonly onLook: (runId: string) => void;
}) {
  const t = useTranslations("accounts");
  const format = useFormatter();
  const nameOf = useNameOf();
  const { tenantId } = useSession();
  const { name, owners, domains, icpFit, provenance } = account;
  return (
    <header className={classes["header"]}>
      <div className={classes["who"]}>
        <Link
          to="/t/$tenant/accounts"
          params={{ tenant: tenantId }}
          className={classes["back"]}
        >
          <IconChevronLeft size={14} aria-hidden /> {t("title")}
        </Link>
        <h1 className={classes["name"]}>
          {name}{" "}
          {provenance !== "live" && (
            <Badge color="gray" title={t("notLiveTitle")}>
              {t(`provenance.${provenance}`)}
            </Badge>
          )}
        </h1>
        <dl className={classes["facts"]}>
          <Fact name={t("owners")}>
            {owners.length === 0 ? t("nobody") : owners.map(nameOf).join(", ")}
          </Fact>
          {domains.length > 0 && (
            <Fact name={t("domains")}>{domains.join(", ")}</Fact>
          )}
          <Fact name={t("icpFit")}>
            {format.number(icpFit, {
              style: "percent",
              maximumFractionDigits: 0,
            })}
          </Fact>
        </dl>
      </div>
      <LookButton account={account} isLooking={isLooking} onLook={onLook} />
    </header>
  );
}

function Fact({
  name,
  children,
}: {
  readonly name: string;
  readonly children: string;
}) {
  return (
    <div className={classes["fact"]}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function LookButton({
  account: { id, audience, sources },
  isLooking,
  onLook,
}: {
  readonly account: Found<Account>;
  readonly isLooking: boolean;
  readonly onLook: (runId: string) => void;
}) {
  const t = useTranslations("accounts");
  const may = useMay();
  const api = useApi();
  const [starting, setStarting] = useState(false);
  if (!may("account.monitor", audience) || sources.length === 0) return null;
  const look = async () => {
    setStarting(true);
    try {
      const { runId } = await api.call({
        method: "POST",
        path: `/monitoring-jobs/execute-for-client/${encodeURIComponent(id)}`,
        answer: Started,
      });
      onLook(runId);
    } catch (error) {
      notifications.show({
        color: "red",
        icon: <IconAlertTriangle size={16} aria-hidden />,
        title: t("lookNotStarted"),
        message: errorMessage(error),
        autoClose: 12_000,
      });
    } finally {
      setStarting(false);
    }
  };
  return (
    <Button
      leftSection={<IconRefresh size={14} aria-hidden />}
      loading={starting}
      disabled={isLooking}
      onClick={() => {
        void look();
      }}
    >
      {t("lookNow")}
    </Button>
  );
}
