import { useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense } from "react";
import { useTranslations } from "use-intl";
import { ReviewsProvider } from "../../features/cards/review/Reviews.tsx";
import { Inbox } from "../../features/cards/inbox/Inbox.tsx";
import { useSession } from "../../lib/session/session.ts";
import { useTitle } from "../../lib/page/title.ts";
import { lazyComponent } from "../../lib/page/lazyComponent.ts";

const Opportunity = lazyComponent(
  () => import("../../features/cards/opportunity/Opportunity.tsx"),
  (module) => module.Opportunity,
);

/** The inbox at its address, with a card beside it where there is room. */
export function InboxPage() {
  const t = useTranslations("app");
  useTitle(t("inbox"));
  const { tenantId } = useSession();
  const search = useSearch({ from: "/t/$tenant/inbox" });
  const navigate = useNavigate({ from: "/t/$tenant/inbox" });
  return (
    <ReviewsProvider>
      <Inbox
        search={search}
        onSearch={(change) => {
          void navigate({
            search: (before) => ({ ...before, ...change }),
            replace: true,
          });
        }}
        onOpen={(id) => {
          void navigate({
            to: "/t/$tenant/opportunities/$id",
            params: { tenant: tenantId, id },
          });
        }}
        reader={(id) => (
          <Suspense>
            <Opportunity key={id} id={id} />
          </Suspense>
        )}
      />
    </ReviewsProvider>
  );
}
