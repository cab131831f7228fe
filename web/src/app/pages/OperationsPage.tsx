import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { Operations } from "../../features/operations/Operations.tsx";
import { useTitle } from "../../lib/page/title.ts";

/** A change of these adds a step to the browser's history; the rest of the address only filters. */
const places = ["tab", "message", "run", "find"];

/** The operations page at its address. */
export function OperationsPage() {
  const t = useTranslations("app");
  useTitle(t("operations"));
  const search = useSearch({ from: "/t/$tenant/operations" });
  const navigate = useNavigate({ from: "/t/$tenant/operations" });
  return (
    <Operations
      search={search}
      onSearch={(change) => {
        void navigate({
          search: (before) => ({ ...before, ...change }),
          replace: !places.some((place) => place in change),
        });
      }}
    />
  );
}
