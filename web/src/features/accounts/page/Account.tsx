import { Skeleton, VisuallyHidden } from "@mantine/core";
import { IconBuilding } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import type {
  Account as AccountData,
  AccountContext,
} from "../../../../../functions/src/domain/accounts/account.ts";
import * as at from "../../../../../functions/src/domain/collections.ts";
import { AccountId } from "../../../../../functions/src/domain/kernel/ids.ts";
import { type WithId, useLive } from "../../../lib/firestore/live.ts";
import { useSession } from "../../../lib/session/session.ts";
import { useTitle } from "../../../lib/page/title.ts";
import { Empty } from "../../../parts/Empty.tsx";
import { ErrorAlert } from "../../../parts/ErrorAlert.tsx";
import classes from "./Account.module.css";
import { AccountHeader } from "./AccountHeader.tsx";
import { Charts } from "./Charts.tsx";
import { type Figures, accountFigures } from "../figures/figures.ts";
import { HealthPanel } from "./HealthPanel.tsx";
import { hasEnded } from "../run/runSummary.ts";
import { RunPanel } from "../run/RunPanel.tsx";
import { type AccountSearch, EntryKind } from "../search.ts";
import { Sources } from "../sources/Sources.tsx";
import { Timeline } from "../timeline/Timeline.tsx";
import { TopCards } from "./TopCards.tsx";
import { useRun } from "../run/useRun.ts";
import { useTimeline } from "../timeline/useTimeline.ts";
import { useToday } from "../figures/useToday.ts";
import { useWatching, type WatchingView } from "../sources/useWatching.ts";

export interface AccountProps {
  readonly id: string;
  readonly search: AccountSearch;
  /** Changes the address, hence what is shown. */
  readonly onSearch: (change: Partial<AccountSearch>) => void;
}

/** One account: its health, the cards to review, and all that has happened. */
export function Account({ id, ...props }: AccountProps) {
  const t = useTranslations("accounts");
  const { tenantId } = useSession();
  const accountId = AccountId.safeParse(id).data;
  const account = useLive(
    accountId === undefined ? null : at.account(tenantId, accountId),
  );
  const context = useLive(
    accountId === undefined ? null : at.context(tenantId, accountId),
  );
  const isForeign =
    account.state === "failed" &&
    "code" in account.error &&
    account.error.code === "permission-denied";
  if (
    accountId === undefined ||
    isForeign ||
    (account.state === "ready" && account.value === null)
  )
    return (
      <>
        <VisuallyHidden component="h1">{t("title")}</VisuallyHidden>
        <Empty
          icon={<IconBuilding size={36} stroke={1.25} aria-hidden />}
          title={t("notFound")}
          text={t("notFoundText")}
        >
          <Link to="/t/$tenant/accounts" params={{ tenant: tenantId }}>
            {t("toList")}
          </Link>
        </Empty>
      </>
    );
  if (account.state === "failed")
    return <ErrorAlert title={t("failedOne")} error={account.error} />;
  // A context that does not exist yet cannot be read either: no audience is known for it.
  if (
    account.state === "loading" ||
    account.value === null ||
    context.state === "loading"
  )
    return <AccountSkeleton />;
  return (
    <AccountPanels
      key={accountId}
      {...props}
      accountId={accountId}
      account={account.value}
      context={context.state === "ready" ? context.value : null}
    />
  );
}

function AccountPanels({
  accountId,
  account,
  context,
  search,
  onSearch,
}: Omit<AccountProps, "id"> & {
  readonly accountId: AccountId;
  readonly account: WithId<AccountData>;
  readonly context: WithId<AccountContext> | null;
}) {
  useTitle(account.name);
  const kinds = search.kinds ?? EntryKind.options;
  const timeline = useTimeline(accountId, kinds);
  const run = useRun(search.run);
  const watching = useWatching(accountId, runProgress(run));
  const figures = useFigures(account, context, watching);
  return (
    <article className={classes["account"]}>
      <AccountHeader
        account={account}
        isRunning={run.state === "ready" && !hasEnded(run.run, new Date())}
        onRun={(id) => {
          onSearch({ run: id });
        }}
      />
      {search.run !== undefined && (
        <RunPanel
          run={run}
          parts={timeline.parts}
          watching={watching}
          onClose={() => {
            onSearch({ run: undefined });
          }}
        />
      )}
      <div className={classes["columns"]}>
        <div className={classes["aside"]}>
          <HealthPanel figures={figures} />
          <TopCards accountId={accountId} />
          <Sources account={account} watching={watching} />
        </div>
        <div className={classes["main"]}>
          <Charts context={context} />
          <Timeline
            timeline={timeline}
            kinds={search.kinds}
            onKinds={(chosen) => {
              onSearch({ kinds: chosen });
            }}
          />
        </div>
      </div>
    </article>
  );
}

/** The account's figures today. */
function useFigures(
  account: WithId<AccountData>,
  context: WithId<AccountContext> | null,
  watching: WatchingView | Error | undefined,
): Figures {
  const { tenant } = useSession();
  const now = useToday();
  return useMemo(
    () =>
      accountFigures(context, toWatched(account, watching), { tenant, now }),
    [account, context, watching, tenant, now],
  );
}

/** Changes as a run progresses. */
function runProgress(run: ReturnType<typeof useRun>): string {
  if (run.state !== "ready") return "";
  const { id, done, parked } = run.run;
  return [id, done, parked].join(" ");
}

function toWatched(
  { sources }: WithId<AccountData>,
  watching: WatchingView | Error | undefined,
) {
  if (watching === undefined || watching instanceof Error)
    return { sources: sources.length, failingSources: 0 };
  const { schedule, states } = watching;
  return {
    sources: schedule?.active === true ? sources.length : 0,
    failingSources: sources.filter(
      ({ key }) => (states.get(key)?.consecutiveFailures ?? 0) > 0,
    ).length,
  };
}

function AccountSkeleton() {
  const t = useTranslations("app");
  return (
    <div className={classes["account"]} role="status" aria-label={t("loading")}>
      <Skeleton h={28} w={220} mb={8} />
      <Skeleton h={14} w={320} maw="100%" mb={24} />
      <div className={classes["columns"]}>
        <div className={classes["aside"]}>
          <Skeleton h={180} />
          <Skeleton h={220} />
        </div>
        <div className={classes["main"]}>
          <Skeleton h={240} />
          <Skeleton h={320} />
        </div>
      </div>
    </div>
  );
}
