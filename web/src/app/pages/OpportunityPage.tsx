import { Link, useParams } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { ReviewsProvider } from "../../features/cards/review/Reviews.tsx";
import { Opportunity } from "../../features/cards/opportunity/Opportunity.tsx";
import { useSession } from "../../lib/session/session.ts";
import { useTitle } from "../../lib/page/title.ts";
import classes from "./OpportunityPage.module.css";

/** A card on a page of its own. */
export function OpportunityPage() {
  const t = useTranslations("app");
  useTitle(t("opportunity"));
  const { tenantId } = useSession();
  const { id } = useParams({ from: "/t/$tenant/opportunities/$id" });
  return (
    <ReviewsProvider>
      <nav className={classes["back"]}>
        <Link to="/t/$tenant/inbox" params={{ tenant: tenantId }}>
          ← {t("inbox")}
        </Link>
      </nav>
      <Opportunity key={id} id={id} byKey />
    </ReviewsProvider>
  );
}
