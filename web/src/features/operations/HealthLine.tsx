import { Badge, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { useDuration } from "../../lib/language/durations.ts";
import { type Health, useHealth } from "../../lib/api/health.ts";
import classes from "./HealthLine.module.css";

const colours = { ok: "teal", attention: "yellow", degraded: "red" } as const;

/** The system's health in a line: the clock, overdue work, and which stand-ins are used. */
export function HealthLine() {
  const t = useTranslations("operations");
  const health = useHealth();
  if (health === undefined)
    return (
      <p className={classes["line"]} role="status">
        {t("health.asking")}
      </p>
    );
  if (health instanceof Error)
    return (
      <p className={classes["line"]} role="status">
        <Badge color="red">{t("health.unknown")}</Badge> {health.message}
      </p>
    );
  return <HealthFacts health={health} />;
}

function HealthFacts({ health }: { readonly health: Health }) {
  const t = useTranslations("operations");
  const duration = useDuration();
  const { status, heartbeatAgeS, oldestDueAgeS, components, standIns } = health;
  const { parked, unreadable, documents } = health.tenant;
  const ill = components.filter(
    (one) => one.status === "down" || one.status === "degraded",
  );
  return (
    <div className={classes["line"]} role="status">
      <Badge
        color={colours[status]}
        className={classes["badge"] ?? ""}
        data-status={status}
      >
        {t(`health.${status}`)}
      </Badge>
      <span>
        {heartbeatAgeS === null
          ? t("health.neverTicked")
          : t("health.ticked", { age: duration(1_000 * heartbeatAgeS) })}
      </span>
      <span>
        {oldestDueAgeS === null
          ? t("health.nothingDue")
          : t("health.oldestDue", { age: duration(1_000 * oldestDueAgeS) })}
      </span>
      {parked > 0 && <span>{t("health.parked", { count: parked })}</span>}
      {unreadable > 0 && (
        <span>{t("health.unreadable", { count: unreadable })}</span>
      )}
      <Folded
        title={t("health.documents", { count: documents.length })}
        lines={documents.map(({ path, reason }) => ({
          key: path,
          text: (
            <>
              <code>{path}</code> {reason}
            </>
          ),
        }))}
      />
      {ill.map(({ name, detail }) => (
        <span key={name} className={classes["ill"]}>
          {name}: {detail}
        </span>
      ))}
      <Folded
        title={t("health.standIns", { count: standIns.length })}
        lines={standIns.map(({ need, standIn, inProduction }) => ({
          key: need,
          text: t("health.standIn", { need, standIn, inProduction }),
        }))}
      />
    </div>
  );
}

/** A list behind its title; nothing where it is empty. */
function Folded({
  title,
  lines,
}: {
  readonly title: string;
  readonly lines: readonly {
    readonly key: string;
    readonly text: ReactNode;
  }[];
}) {
  if (lines.length === 0) return null;
  return (
    <details className={classes["folded"]}>
      <summary>{title}</summary>
      <ul>
        {lines.map(({ key, text }) => (
          <li key={key}>
            <Text span size="xs">
              {text}
            </Text>
          </li>
        ))}
      </ul>
    </details>
  );
}
