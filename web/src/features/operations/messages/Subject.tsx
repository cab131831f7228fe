import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { useSession } from "../../../lib/session/session.ts";
import { AccountName } from "../../../parts/AccountName.tsx";
import type { Subject as About } from "./messages.ts";
import classes from "./Subject.module.css";

const signalsShown = 3;

/** What a message is about, each part linked. */
export function Subject({ subject }: { readonly subject: About }) {
  const t = useTranslations("operations");
  const { tenantId } = useSession();
  const { accountId, opportunityId, signalIds, sourceKey, title } = subject;
  return (
    <div className={classes["subject"]}>
      {accountId !== null && <AccountName id={accountId} />}
      {title !== null && <span className={classes["title"]}>{title}</span>}
      <span className={classes["line"]}>
        {sourceKey !== null && (
          <span className={classes["quiet"]}>
            {t("ofSource", { key: sourceKey })}
          </span>
        )}
        {opportunityId !== null && (
          <Link
            to="/t/$tenant/opportunities/$id"
            params={{ tenant: tenantId, id: opportunityId }}
            className={classes["link"]}
          >
            {t("card")}
          </Link>
        )}
        {signalIds.slice(0, signalsShown).map((id, i) => (
          <Link
            key={id}
            to="/t/$tenant/operations"
            params={{ tenant: tenantId }}
            search={{ tab: "why", find: id }}
            className={classes["link"]}
          >
            {signalIds.length === 1
              ? t("signal")
              : t("signalNumber", { number: i + 1 })}
          </Link>
        ))}
        {signalIds.length > signalsShown && (
          <span className={classes["quiet"]}>
            {t("andMore", { count: signalIds.length - signalsShown })}
          </span>
        )}
      </span>
    </div>
  );
}
