import { IconUserQuestion } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import * as at from "../../../../../functions/src/domain/collections.ts";
import { useKeys } from "../../../lib/page/keys.ts";
import { useLiveList } from "../../../lib/firestore/live.ts";
import { whereVisible } from "../../../lib/firestore/audience.ts";
import { useMay, useSession } from "../../../lib/session/session.ts";
import { Empty } from "../../../parts/Empty.tsx";
import { ErrorAlert } from "../../../parts/ErrorAlert.tsx";
import classes from "./Unassigned.module.css";
import { SkeletonRows } from "../SkeletonRows.tsx";
import {
  choiceAfter,
  stepFrom,
  type Unassigned as UnassignedItem,
} from "./unassigned.ts";
import { UnassignedSignal } from "./UnassignedSignal.tsx";
import { type ResolutionDecision, useUnassigned } from "./useUnassigned.ts";

/** The signals whose account is unresolved: a person decides. */
export function Unassigned() {
  const t = useTranslations("operations");
  const { page, again, decide } = useUnassigned();
  if (page.state === "failed")
    return (
      <ErrorAlert title={t("failedToLoad")} error={page.error} retry={again} />
    );
  if (page.state === "loading")
    return <SkeletonRows count={3} height={150} gap={10} />;
  if (page.value.items.length === 0)
    return (
      <Empty
        icon={<IconUserQuestion size={36} stroke={1.25} aria-hidden />}
        title={t("unassigned.empty")}
        text={t("unassigned.emptyText")}
      />
    );
  return (
    <Queue
      items={page.value.items}
      hasMore={page.value.nextCursor !== null}
      onDecide={decide}
    />
  );
}

function Queue({
  items,
  hasMore,
  onDecide,
}: {
  readonly items: readonly UnassignedItem[];
  readonly hasMore: boolean;
  readonly onDecide: (
    signal: UnassignedItem,
    say: ResolutionDecision,
  ) => Promise<void>;
}) {
  const t = useTranslations("operations");
  const may = useMay();
  const accounts = useAccountNames();
  const ids = items.map(({ id }) => id);
  const { list, chosen, setChosen, moveTo } = useChoice(ids);
  return (
    <div className={classes["queue"]}>
      <p className={classes["hint"]}>
        {may("resolution.work") ? t("unassigned.keys") : t("unassigned.reads")}
      </p>
      <ol ref={list} className={classes["list"]}>
        {items.map((signal) => (
          <UnassignedSignal
            key={signal.id}
            signal={signal}
            isChosen={signal.id === chosen}
            accounts={accounts}
            onChoose={() => {
              setChosen(signal.id);
            }}
            onDecide={async (say) => {
              await onDecide(signal, say);
              moveTo(choiceAfter(ids, signal.id));
            }}
          />
        ))}
      </ol>
      {hasMore && <p className={classes["hint"]}>{t("unassigned.more")}</p>}
    </div>
  );
}

/** Which signal is chosen; a move by key takes the focus along, a click has moved it already. */
function useChoice(ids: readonly string[]) {
  const [chosen, setChosen] = useState<string | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const takesFocus = useRef(false);
  const moveTo = (id: string | null) => {
    takesFocus.current = true;
    setChosen(id);
  };
  useKeys({
    j: () => {
      moveTo(stepFrom(ids, chosen, 1));
    },
    k: () => {
      moveTo(stepFrom(ids, chosen, -1));
    },
  });
  useEffect(() => {
    if (!takesFocus.current) return;
    takesFocus.current = false;
    list.current?.querySelector<HTMLElement>("[data-chosen]")?.focus();
  }, [chosen]);
  return { list, chosen, setChosen, moveTo };
}

function useAccountNames() {
  const session = useSession();
  const accounts = useLiveList(at.accounts(session.tenantId), {
    where: whereVisible(session),
    orderBy: [["name", "asc"]],
    limit: 200,
  });
  if (accounts.state !== "ready") return [];
  return accounts.value.map(({ id, name }) => ({ id, name }));
}
