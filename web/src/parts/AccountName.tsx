import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import * as at from "../../../functions/src/domain/collections.ts";
import { AccountId } from "../../../functions/src/domain/kernel/ids.ts";
import { useLive } from "../lib/firestore/live.ts";
import { useSession } from "../lib/session/session.ts";
import classes from "./AccountName.module.css";

/** An account's name, linked; for those who may not read it, that it belongs to another team. */
export function AccountName({ id }: { readonly id: string }) {
  const t = useTranslations("accountName");
  const { tenantId } = useSession();
  const account = useLive(at.account(tenantId, AccountId.parse(id)));
  if (account.state === "failed")
    return <span className={classes["other"]}>{t("others")}</span>;
  if (account.state === "ready" && account.value === null)
    return <span className={classes["other"]}>{id}</span>;
  const name = account.state === "ready" ? account.value?.name : undefined;
  return (
    <Link
      to="/t/$tenant/accounts/$id"
      params={{ tenant: tenantId, id }}
      className={classes["name"]}
    >
      {name ?? id}
    </Link>
  );
}
