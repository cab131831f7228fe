import { Link } from "@tanstack/react-router";
import { useFormatter, useTranslations } from "use-intl";
import { useSession } from "../../../lib/session/session.ts";
import { AccountName } from "../../../parts/AccountName.tsx";
import classes from "./Story.module.css";
import { type Step, duplicateOriginal } from "./traces.ts";

type Decision = NonNullable<Step["decision"]>;

/** Why an item went no further, by which setting, and where to change it. */
export function Stopped({
  decision,
  accountId,
}: {
  readonly decision: Decision;
  readonly accountId: string;
}) {
  const t = useTranslations("operations");
  const { tenantId } = useSession();
  const { reason, detail, setting, at } = decision;
  const twin = duplicateOriginal(decision);
  return (
    <>
      <p className={classes["text"]}>{t(`reason.${reason}.why`)}</p>
      {setting !== null && <Setting setting={setting} />}
      {setting === null && detail !== "" && (
        <p className={classes["small"]}>{t("why.noted", { detail })}</p>
      )}
      <p className={classes["text"]}>
        {t.rich(`reason.${reason}.advice`, {
          account: () => <AccountName id={accountId} />,
        })}
      </p>
      {twin !== null && (
        <Link
          to="/t/$tenant/operations"
          params={{ tenant: tenantId }}
          search={{ tab: "why", find: twin }}
          className={classes["link"]}
        >
          {t("why.twin")}
        </Link>
      )}
      <p className={classes["small"]}>
        {t("why.decidedAt", { moment: useMoment(at) })}
      </p>
    </>
  );
}

function useMoment(at: Date): string {
  return useFormatter().dateTime(at, {
    dateStyle: "medium",
    timeStyle: "short",
  });
}

/** The setting that decided: what it required, what was measured, and its value today. */
function Setting({
  setting: { name, value, measured },
}: {
  readonly setting: NonNullable<Decision["setting"]>;
}) {
  const t = useTranslations("operations");
  const format = useFormatter();
  const { tenant } = useSession();
  // Intent goes up to 100, everything else up to 1.
  const digits = Math.max(value, measured) > 1 ? 1 : 2;
  const toText = (number: number) =>
    format.number(number, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  const known =
    name === "relevanceThreshold" ||
    name === "highIntentThreshold" ||
    name === "resolutionThreshold";
  const now = known ? tenant[name] : value;
  return (
    <>
      <p className={classes["text"]}>
        <b>
          {t("why.measured", {
            name: known ? t(`setting.${name}`) : name,
            measured: toText(measured),
            value: toText(value),
          })}
        </b>{" "}
        {now !== value && t("why.changedSince", { now: toText(now) })}
      </p>
      <p className={classes["small"]}>{t("why.whereChanged", { name })}</p>
    </>
  );
}
