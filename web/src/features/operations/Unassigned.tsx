import { Skeleton } from "@mantine/core";
import { IconUserQuestion } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import * as at from "../../../../functions/src/domain/collections.ts";
import { useKeys } from "../../lib/keys.ts";
import { useLiveList } from "../../lib/live.ts";
import { mine, useMay, useSession } from "../../lib/session.ts";
import { Empty } from "../../parts/Empty.tsx";
import { Trouble } from "../../parts/Trouble.tsx";
import classes from "./Unassigned.module.css";
import { choiceAfter, stepFrom } from "./unassigned.ts";
import { UnassignedSignal } from "./UnassignedSignal.tsx";
import { useUnassigned } from "./useUnassigned.ts";

/** The signals of which it is not sure whose they are: a person says so. */
export function Unassigned() {
  const t = useTranslations("operations");
  const app = useTranslations("app");
  const session = useSession();
  const may = useMay();
  const { page, again, decide } = useUnassigned();
  const accounts = useLiveList(at.accounts(session.tenantId), {
    where: mine(session),
    orderBy: [["name", "asc"]],
    limit: 200,
  });
  const [chosen, setChosen] = useState<string | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const items = page.state === "ready" ? page.value.items : [];
  const ids = items.map(({ id }) => id);
  /** By keys, not by the focus: that is where it is already. */
  const moved = useRef(false);
  const choose = (id: string | null) => {
    moved.current = true;
    setChosen(id);
  };
  const move = (by: number) => {
    choose(stepFrom(ids, chosen, by));
  };
  useKeys({
    j: () => {
      move(1);
    },
    k: () => {
      move(-1);
    },
  });
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    list.current?.querySelector<HTMLElement>("[data-chosen]")?.focus();
  }, [chosen]);
  if (page.state === "failed")
    return (
      <Trouble title={t("failedToLoad")} error={page.error} retry={again} />
    );
  if (page.state === "loading")
    return (
      <div role="status" aria-label={app("loading")}>
        {[1, 2, 3].map((i) => (
          <Skeleton key={i} h={150} mb={10} />
        ))}
      </div>
    );
  if (items.length === 0)
    return (
      <Empty
        icon={<IconUserQuestion size={36} stroke={1.25} aria-hidden />}
        title={t("unassigned.empty")}
        text={t("unassigned.emptyText")}
      />
    );
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
            accounts={
              accounts.state === "ready"
                ? accounts.value.map(({ id, name }) => ({ id, name }))
                : []
            }
            onChoose={() => {
              setChosen(signal.id);
            }}
            onDecide={async (say) => {
              await decide(signal, say);
              choose(choiceAfter(ids, signal.id));
            }}
          />
        ))}
      </ol>
      {page.value.nextCursor !== null && (
        <p className={classes["hint"]}>{t("unassigned.more")}</p>
      )}
    </div>
  );
}
