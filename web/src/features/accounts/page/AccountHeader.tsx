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
import type { WithId } from "../../../lib/firestore/live.ts";
import { usePersonName } from "../../../lib/api/people.ts";
import { useMay, useSession } from "../../../lib/session/session.ts";
import classes from "./AccountHeader.module.css";
import { errorMessage } from "../../../lib/errors.ts";

const Started = z.object({ runId: z.string() });

/** The account's name, owners and domains, and the button that starts a run. */
export function AccountHeader({
  account,
  isRunning,
  onRun,
}: {
  readonly account: WithId<Account>;
  /** One run at a time is enough. */
  readonly isRunning: boolean;
  /** Called with the run that was started. */
  readonly onRun: (runId: string) => void;
}) {
  const t = useTranslations("accounts");
  const format = useFormatter();
  const personName = usePersonName();
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
            {owners.length === 0
              ? t("nobody")
              : owners.map(personName).join(", ")}
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
      <RunButton account={account} isRunning={isRunning} onRun={onRun} />
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

function RunButton({
  account: { id, audience, sources },
  isRunning,
  onRun,
}: {
  readonly account: WithId<Account>;
  readonly isRunning: boolean;
  readonly onRun: (runId: string) => void;
}) {
  const t = useTranslations("accounts");
  const may = useMay();
  const api = useApi();
  const [starting, setStarting] = useState(false);
  if (!may("account.monitor", audience) || sources.length === 0) return null;
  const start = async () => {
    setStarting(true);
    try {
      const { runId } = await api.call({
        method: "POST",
        path: `/monitoring-jobs/execute-for-client/${encodeURIComponent(id)}`,
        answer: Started,
      });
      onRun(runId);
    } catch (error) {
      notifications.show({
        color: "red",
        icon: <IconAlertTriangle size={16} aria-hidden />,
        title: t("runNotStarted"),
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
      disabled={isRunning}
      onClick={() => {
        void start();
      }}
    >
      {t("runNow")}
    </Button>
  );
}
