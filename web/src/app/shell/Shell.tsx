import {
  IconBuilding,
  IconChartBar,
  IconHeartRateMonitor,
  IconInbox,
  IconUsers,
  IconWifiOff,
} from "@tabler/icons-react";
import { useNetwork } from "@mantine/hooks";
import { Link, Navigate, Outlet, useParams } from "@tanstack/react-router";
import { Suspense } from "react";
import { useTranslations } from "use-intl";
import { afterFirstContent } from "../../lib/page/firstContent.ts";
import { useMay, useSession } from "../../lib/session/session.ts";
import { Logo } from "../../parts/Logo.tsx";
import classes from "./Shell.module.css";
import { lazyComponent } from "../../lib/page/lazyComponent.ts";

const YouMenu = lazyComponent(
  () => afterFirstContent(() => import("./YouMenu.tsx")),
  (module) => module.YouMenu,
);

const InvitationNotice = lazyComponent(
  () => afterFirstContent(() => import("./InvitationNotice.tsx")),
  (module) => module.InvitationNotice,
);

const pages = [
  {
    to: "/t/$tenant/inbox",
    name: "inbox",
    icon: IconInbox,
    needs: "opportunity.read",
  },
  {
    to: "/t/$tenant/accounts",
    name: "accounts",
    icon: IconBuilding,
    needs: "account.read",
  },
  {
    to: "/t/$tenant/dashboard",
    name: "dashboard",
    icon: IconChartBar,
    needs: "opportunity.read",
  },
  {
    to: "/t/$tenant/operations",
    name: "operations",
    icon: IconHeartRateMonitor,
    needs: "account.read",
  },
  {
    to: "/t/$tenant/members",
    name: "members",
    icon: IconUsers,
    needs: "member.manage",
  },
] as const;

/** The frame of every page: the way to the others, and who is signed in. */
export function Shell() {
  const t = useTranslations("app");
  const { tenantId, tenant } = useSession();
  const named = useParams({ strict: false, select: (params) => params.tenant });
  const may = useMay();
  const { online } = useNetwork();
  if (named !== tenantId)
    return (
      <Navigate to="/t/$tenant/inbox" params={{ tenant: tenantId }} replace />
    );
  return (
    <div className={classes["shell"]}>
      <a href="#content" className={classes["skip"]}>
        {t("skip")}
      </a>
      <header className={classes["side"]}>
        <div className={classes["brand"]}>
          <Logo size={24} />
          <span className={classes["tenant"]}>{tenant.name}</span>
        </div>
        <nav aria-label={t("pages")} className={classes["pages"]}>
          {pages
            .filter(({ needs }) => may(needs))
            .map(({ to, name, icon: Icon }) => (
              <Link
                key={name}
                title={t(name)}
                to={to}
                params={{ tenant: tenantId }}
                className={classes["page"]}
                activeProps={{ "data-active": true }}
              >
                <Icon size={18} stroke={1.75} aria-hidden />
                <span>{t(name)}</span>
              </Link>
            ))}
        </nav>
        <Suspense>
          <YouMenu />
        </Suspense>
      </header>
      <main id="content" className={classes["content"]} tabIndex={-1}>
        {!online && (
          <p role="status" className={classes["offline"]}>
            <IconWifiOff size={16} aria-hidden /> {t("offline")}
          </p>
        )}
        <Suspense>
          <InvitationNotice />
        </Suspense>
        <Outlet />
      </main>
    </div>
  );
}
