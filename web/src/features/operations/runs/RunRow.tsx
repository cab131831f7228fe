import { Badge, Button, Skeleton } from "@mantine/core";
import { useInViewport } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import * as at from "../../../../../functions/src/domain/collections.ts";
import type { Run } from "../../../../../functions/src/domain/messages/run.ts";
import { countedUpTo } from "../../../lib/firestore/count.ts";
import { type WithId, useLiveList } from "../../../lib/firestore/live.ts";
import { usePersonName } from "../../../lib/api/people.ts";
import { useSession } from "../../../lib/session/session.ts";
import { AccountName } from "../../../parts/AccountName.tsx";
import { Moment } from "../../../parts/Moment.tsx";
import { ErrorAlert } from "../../../parts/ErrorAlert.tsx";
import { messageSubject } from "../messages/messages.ts";
import classes from "./RunRow.module.css";
import { dropReason } from "./runs.ts";
import table from "../../../parts/table.module.css";
import { useRunFigures } from "./useRunFigures.ts";

const colours = { running: "blue", finished: "teal", parked: "red" } as const;

/** One run, with figures that are counted when it is seen. */
export function RunRow({
  run,
  isOpenAtFirst,
}: {
  readonly run: WithId<Run>;
  readonly isOpenAtFirst: boolean;
}) {
  const t = useTranslations("operations");
  const personName = usePersonName();
  const { ref, inViewport } = useInViewport<HTMLTableRowElement>();
  const figures = useRunFigures(run, inViewport);
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  return (
    <>
      <tr ref={ref}>
        <td data-wide>
          <AccountName id={run.accountId} />
        </td>
        <td data-label={t("started")} className={table["moment"]}>
          <Moment at={run.startedAt} />
        </td>
        <td data-label={t("trigger")}>
          {run.trigger === "clock"
            ? t("byClock")
            : t("byPerson", { name: personName(run.startedBy) })}
        </td>
        <FigureCells figures={figures} />
        <td>
          <Button
            variant="subtle"
            size="compact-xs"
            aria-expanded={isOpen}
            onClick={() => {
              setIsOpen(!isOpen);
            }}
          >
            {t(isOpen ? "less" : "show")}
          </Button>
        </td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={8} data-wide>
            <Received runId={run.id} />
          </td>
        </tr>
      )}
    </>
  );
}

type Figures = ReturnType<typeof useRunFigures>;

function FigureCells({ figures }: { readonly figures: Figures }) {
  const t = useTranslations("operations");
  return (
    <>
      <td data-label={t("state.label")}>
        {figures ? (
          <Badge
            className={table["badge"] ?? ""}
            color={colours[figures.state]}
          >
            {t(`runState.${figures.state}`)}
          </Badge>
        ) : (
          <Figure figures={figures} name={null} />
        )}
      </td>
      {(["found", "kept", "dropped"] as const).map((name) => (
        <td key={name} data-label={t(name)} className={table["number"]}>
          <Figure figures={figures} name={name} />
        </td>
      ))}
    </>
  );
}

/** A number, as far as was counted; or that it is not known yet, or no longer. */
function Figure({
  figures,
  name,
}: {
  readonly figures: Figures;
  readonly name: "found" | "kept" | "dropped" | null;
}) {
  const t = useTranslations("operations");
  if (figures === undefined) return <Skeleton h={12} w={20} />;
  if (figures === null || name === null) return t("noLongerKept");
  const count = figures[name];
  return count >= countedUpTo ? `${countedUpTo}+` : count;
}

/** The result of each document that a run found. */
function Received({ runId }: { readonly runId: string }) {
  const t = useTranslations("operations");
  const { tenantId } = useSession();
  const live = useLiveList(at.messages(tenantId), {
    where: [
      ["runId", "==", runId],
      ["topic", "==", "signal-received"],
    ],
    orderBy: [["__name__", "asc"]],
    limit: 100,
  });
  if (live.state === "failed")
    return <ErrorAlert title={t("failedToLoad")} error={live.error} />;
  if (live.state === "loading") return <Skeleton h={40} />;
  if (live.value.length === 0)
    return <p className={classes["none"]}>{t("foundNothing")}</p>;
  return (
    <ul className={classes["received"]}>
      {live.value.map((message) => {
        const why = dropReason(message);
        return (
          <li key={message.id}>
            <Badge
              color={
                message.state !== "done"
                  ? "blue"
                  : why === null
                    ? "teal"
                    : "gray"
              }
            >
              {message.state !== "done"
                ? t(`stateName.${message.state}`)
                : t(why === null ? "kept" : "dropped")}
            </Badge>{" "}
            <Document message={message} />
            {why !== null && <div className={table["small"]}>{why}</div>}
          </li>
        );
      })}
    </ul>
  );
}

function Document({
  message,
}: {
  readonly message: Parameters<typeof messageSubject>[0];
}) {
  const t = useTranslations("operations");
  const { tenantId } = useSession();
  const { title, find } = messageSubject(message);
  if (find === null) return <>{title ?? t("untitled")}</>;
  return (
    <Link
      to="/t/$tenant/operations"
      params={{ tenant: tenantId }}
      search={{ tab: "why", find }}
      className={table["link"]}
    >
      {title ?? find}
    </Link>
  );
}
