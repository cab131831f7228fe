import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { Dashboard } from "../../features/reports/Dashboard.tsx";
import { useTitle } from "../../lib/page/title.ts";

/** The dashboard at its address. */
export function DashboardPage() {
  const t = useTranslations("app");
  useTitle(t("dashboard"));
  const search = useSearch({ from: "/t/$tenant/dashboard" });
  const navigate = useNavigate({ from: "/t/$tenant/dashboard" });
  return (
    <Dashboard
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
