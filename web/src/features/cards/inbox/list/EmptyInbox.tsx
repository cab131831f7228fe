import { IconBuilding, IconInbox } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import * as at from "../../../../../../functions/src/domain/collections.ts";
import { useLiveList } from "../../../../lib/firestore/live.ts";
import { whereVisible } from "../../../../lib/firestore/audience.ts";
import { useSession } from "../../../../lib/session/session.ts";
import { Empty } from "../../../../parts/Empty.tsx";
import type { InboxStatus } from "../filters.ts";
import { ListSkeleton } from "./ListSkeleton.tsx";

/** Why there are no cards: all are decided, or the person has no account yet. */
export function EmptyInbox({ status }: { readonly status: InboxStatus }) {
  const t = useTranslations("inbox");
  const lacks = useLacksAccounts();
  if (lacks === undefined) return <ListSkeleton />;
  if (lacks)
    return (
      <Empty
        icon={<IconBuilding size={36} stroke={1.25} aria-hidden />}
        title={t("noAccount")}
        text={t("noAccountText")}
      />
    );
  return (
    <Empty
      icon={<IconInbox size={36} stroke={1.25} aria-hidden />}
      title={t(status === "in_review" ? "allDone" : "noneHere")}
      text={t(status === "in_review" ? "allDoneText" : "noneHereText")}
    />
  );
}

/** Whether the person sees their own accounts alone, and has none; undefined until that is known. */
function useLacksAccounts(): boolean | undefined {
  const session = useSession();
  const isManager = session.member.role === "ACCOUNT_MANAGER";
  const own = useLiveList(isManager ? at.accounts(session.tenantId) : null, {
    where: whereVisible(session),
    orderBy: [
      ["name", "asc"],
      ["__name__", "asc"],
    ],
    limit: 1,
  });
  if (!isManager || own.state === "failed") return false;
  return own.state === "loading" ? undefined : own.value.length === 0;
}
