import { getRouteApi } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { Accounts } from "../../features/accounts/list/Accounts.tsx";
import { useTitle } from "../../lib/page/title.ts";

const route = getRouteApi("/t/$tenant/accounts");

/** The list of accounts, as its address says. */
export function AccountsPage() {
  const t = useTranslations("app");
  useTitle(t("accounts"));
  const search = route.useSearch();
  const { tenant } = route.useParams();
  const navigate = route.useNavigate();
  return (
    <Accounts
      search={search}
      onSearch={(change) => {
        void navigate({
          search: (before) => ({ ...before, ...change }),
          replace: true,
        });
      }}
      onOpen={(id) => {
        void navigate({
          to: "/t/$tenant/accounts/$id",
          params: { tenant, id },
        });
      }}
    />
  );
}
