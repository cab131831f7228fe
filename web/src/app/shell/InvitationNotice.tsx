import { IconMail } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { useMyInvitations } from "../../lib/api/myInvitations.ts";
import { useSession } from "../../lib/session/session.ts";
import classes from "./InvitationNotice.module.css";

/** Tells a member of one tenant that another one has invited them. */
export function InvitationNotice() {
  const t = useTranslations("app");
  const { identity } = useSession();
  const { live } = useMyInvitations(identity);
  const [first, ...more] = live.state === "ready" ? live.value : [];
  if (first === undefined) return null;
  return (
    <p role="status" className={classes["notice"]}>
      <IconMail size={16} aria-hidden />
      <span>
        {t("invited", { tenant: first.tenant.name, more: more.length })}
      </span>
      <Link to="/invitations">{t("toInvitations")}</Link>
    </p>
  );
}
