import { Badge, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useDuration } from "../../lib/durations.ts";
import { useHealth } from "../../lib/health.ts";
import classes from "./HealthLine.module.css";

const colours = { ok: "teal", attention: "yellow", degraded: "red" } as const;

/** How the house is, in a line: the clock, the work that lies, and what stands in for what. */
export function HealthLine() {
  const t = useTranslations("operations");
  const duration = useDuration();
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
  const { status, heartbeatAgeS, oldestDueAgeS, components, standIns } = health;
  const { parked, unreadable, documents } = health.tenant;
  const ill = components.filter(
    (one) => one.status === "down" || one.status === "degraded",
  );
  return (
    <div className={classes["line"]} role="status">
      <Badge color={colours[status]}>{t(`health.${status}`)}</Badge>
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
      {documents.length > 0 && (
        <details className={classes["standIns"]}>
          <summary>
            {t("health.documents", { count: documents.length })}
          </summary>
          <ul>
            {documents.map(({ path, reason }) => (
              <li key={path}>
                <Text span size="xs">
                  <code>{path}</code> {reason}
                </Text>
              </li>
            ))}
          </ul>
        </details>
      )}
      {ill.map(({ name, detail }) => (
        <span key={name} className={classes["ill"]}>
          {name}: {detail}
        </span>
      ))}
      {standIns.length > 0 && (
        <details className={classes["standIns"]}>
          <summary>{t("health.standIns", { count: standIns.length })}</summary>
          <ul>
            {standIns.map(({ need, standIn, inProduction }) => (
              <li key={need}>
                <Text span size="xs">
                  {t("health.standIn", { need, standIn, inProduction })}
                </Text>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
