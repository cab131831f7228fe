import { getRouteApi } from "@tanstack/react-router";
import { Account } from "../../features/accounts/page/Account.tsx";

const route = getRouteApi("/t/$tenant/accounts/$id");

/** One account, as its address says. */
export function AccountPage() {
  const search = route.useSearch();
  const { id } = route.useParams();
  const navigate = route.useNavigate();
  return (
    <Account
      id={id}
      search={search}
      onSearch={(change) => {
        void navigate({
          search: (before) => ({ ...before, ...change }),
          replace: true,
        });
      }}
    />
  );
}
