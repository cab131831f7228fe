import { Button } from "@mantine/core";
import { IconRadar } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import * as at from "../../../../../functions/src/domain/collections.ts";
import type { Run } from "../../../../../functions/src/domain/messages/run.ts";
import { type WithId, useLive } from "../../../lib/firestore/live.ts";
import { useLivePages } from "../../../lib/firestore/livePages.ts";
import { useSession } from "../../../lib/session/session.ts";
import { Empty } from "../../../parts/Empty.tsx";
import { ErrorAlert } from "../../../parts/ErrorAlert.tsx";
import { RunRow } from "./RunRow.tsx";
import type { TabProps } from "../search.ts";
import { SkeletonRows } from "../SkeletonRows.tsx";
import classes from "../../../parts/table.module.css";

/** The monitoring runs, the latest first, live: what each found, kept and dropped. */
export function Runs({ search, onSearch }: TabProps) {
  return search.run === undefined ? (
    <AllRuns />
  ) : (
    <SingleRun id={search.run} onSearch={onSearch} />
  );
}

function AllRuns() {
  const t = useTranslations("operations");
  const { tenantId } = useSession();
  const pages = useLivePages(at.runs(tenantId), {
    orderBy: [
      ["startedAt", "desc"],
      ["__name__", "desc"],
    ],
  });
  if (pages.error !== null)
    return <ErrorAlert title={t("failedToLoad")} error={pages.error} />;
  if (pages.state === "loading") return <SkeletonRows height={36} />;
  if (pages.items.length === 0)
    return (
      <Empty
        icon={<IconRadar size={36} stroke={1.25} aria-hidden />}
        title={t("empty.runs")}
        text={t("empty.runsText")}
      />
    );
  return (
    <>
      <Table runs={pages.items} />
      {pages.hasMore && (
        <Button variant="default" onClick={pages.more}>
          {t("more")}
        </Button>
      )}
    </>
  );
}

function SingleRun({
  id,
  onSearch,
}: Pick<TabProps, "onSearch"> & { readonly id: string }) {
  const t = useTranslations("operations");
  const { tenantId } = useSession();
  const run = useLive(at.run(tenantId, id));
  let shown: ReactNode;
  if (run.state === "failed")
    shown = <ErrorAlert title={t("failedToLoad")} error={run.error} />;
  else if (run.state === "loading") shown = <SkeletonRows height={36} />;
  else if (run.value === null) shown = <p>{t("runGone")}</p>;
  else shown = <Table runs={[run.value]} isOpen />;
  return (
    <>
      <Button
        w="fit-content"
        variant="default"
        onClick={() => {
          onSearch({ run: undefined });
        }}
      >
        {t("allRuns")}
      </Button>
      {shown}
    </>
  );
}

function Table({
  runs,
  isOpen = false,
}: {
  readonly runs: readonly WithId<Run>[];
  readonly isOpen?: boolean;
}) {
  const t = useTranslations("operations");
  return (
    <table className={classes["table"]}>
      <thead>
        <tr>
          <th scope="col">{t("account")}</th>
          <th scope="col">{t("started")}</th>
          <th scope="col">{t("trigger")}</th>
          <th scope="col">{t("state.label")}</th>
          <th scope="col">{t("found")}</th>
          <th scope="col">{t("kept")}</th>
          <th scope="col">{t("dropped")}</th>
          <th scope="col">{t("details")}</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} isOpenAtFirst={isOpen} />
        ))}
      </tbody>
    </table>
  );
}
