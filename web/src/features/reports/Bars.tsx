import type { ReactNode } from "react";
import { useFormatter, useTranslations } from "use-intl";
import classes from "./Bars.module.css";

/** Counts as horizontal bars; a table, so that screen readers can read it. */
export function Bars({
  of,
  rows,
  name,
}: {
  /** What is counted, in a word. */
  readonly of: string;
  readonly rows: readonly (readonly [string, number])[];
  readonly name: (key: string) => ReactNode;
}) {
  const t = useTranslations("dashboard");
  const format = useFormatter();
  const most = Math.max(...rows.map(([, count]) => count));
  if (rows.length === 0) return <p className={classes["none"]}>{t("none")}</p>;
  return (
    <table className={classes["bars"]}>
      <thead className={classes["head"]}>
        <tr>
          <th scope="col">{of}</th>
          <th scope="col">{t("count")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([key, count]) => (
          <tr key={key}>
            <th scope="row" className={classes["name"]}>
              {name(key)}
            </th>
            <td className={classes["cell"]}>
              <span className={classes["line"]}>
                <span
                  className={classes["bar"]}
                  style={{ inlineSize: `${(100 * count) / most}%` }}
                />
                <span className={classes["count"]}>{format.number(count)}</span>
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
