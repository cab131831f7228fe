import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import * as at from "../../../../../functions/src/domain/collections.ts";
import type { AccountId } from "../../../../../functions/src/domain/kernel/ids.ts";
import { useLiveList } from "../../../lib/firestore/live.ts";
import { whereVisible } from "../../../lib/firestore/audience.ts";
import { useSession } from "../../../lib/session/session.ts";
import { Score } from "../../../parts/Score.tsx";
import { ErrorAlert } from "../../../parts/ErrorAlert.tsx";
import { Panel } from "../../../parts/Panel.tsx";
import classes from "./TopCards.module.css";

/** The best cards of the account that wait for a decision. */
export function TopCards({ accountId }: { readonly accountId: AccountId }) {
  const t = useTranslations("accounts");
  const categoryName = useTranslations("category");
  const session = useSession();
  const { tenantId } = session;
  const cards = useLiveList(at.inbox(tenantId), {
    where: [
      ...whereVisible(session),
      ["accountId", "==", accountId],
      ["status", "==", "in_review"],
    ],
    orderBy: [["score", "desc"]],
    limit: 5,
  });
  return (
    <Panel title={t("topCards")}>
      {cards.state === "failed" && (
        <ErrorAlert title={t("failedCards")} error={cards.error} />
      )}
      {cards.state === "ready" && cards.value.length === 0 && (
        <p className={classes["nothing"]}>{t("noCards")}</p>
      )}
      {cards.state === "ready" && cards.value.length > 0 && (
        <ul className={classes["cards"]}>
          {cards.value.map(({ id, title, score, category }) => (
            <li key={id} className={classes["card"]}>
              <Score value={score} size={34} />
              <div className={classes["text"]}>
                <Link
                  to="/t/$tenant/opportunities/$id"
                  params={{ tenant: tenantId, id }}
                  className={classes["link"]}
                >
                  {title}
                </Link>
                <span className={classes["category"]}>
                  {categoryName(category)}
                </span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
