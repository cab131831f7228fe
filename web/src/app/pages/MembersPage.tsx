import { useTranslations } from "use-intl";
import { Members } from "../../features/people/members/Members.tsx";
import { useTitle } from "../../lib/page/title.ts";

/** The members page at its address. */
export function MembersPage() {
  const t = useTranslations("app");
  useTitle(t("members"));
  return <Members />;
}
