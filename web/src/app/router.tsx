import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
} from "@tanstack/react-router";
import { z } from "zod";
import { AccountSearch, AccountsSearch } from "../features/accounts/search.ts";
import { DashboardSearch } from "../features/reports/search.ts";
import { InboxSearch } from "../features/cards/inbox/search.ts";
import { OperationsSearch } from "../features/operations/search.ts";
import { useSession } from "../lib/session/session.ts";
import { BrokenPage, NoPage } from "./NoPage.tsx";
import { Shell } from "./shell/Shell.tsx";

const root = createRootRoute({ notFoundComponent: NoPage });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: function Home() {
    const { tenantId } = useSession();
    return (
      <Navigate to="/t/$tenant/inbox" params={{ tenant: tenantId }} replace />
    );
  },
});

const inside = createRoute({
  getParentRoute: () => root,
  path: "/t/$tenant",
  component: Shell,
});

const inbox = createRoute({
  getParentRoute: () => inside,
  path: "inbox",
  validateSearch: InboxSearch,
  component: lazyRouteComponent(
    () => import("./pages/InboxPage.tsx"),
    "InboxPage",
  ),
});

const opportunity = createRoute({
  getParentRoute: () => inside,
  path: "opportunities/$id",
  validateSearch: z.object({ claim: z.string().optional().catch(undefined) }),
  component: lazyRouteComponent(
    () => import("./pages/OpportunityPage.tsx"),
    "OpportunityPage",
  ),
});

const accounts = createRoute({
  getParentRoute: () => inside,
  path: "accounts",
  validateSearch: AccountsSearch,
  component: lazyRouteComponent(
    () => import("./pages/AccountsPage.tsx"),
    "AccountsPage",
  ),
});

const account = createRoute({
  getParentRoute: () => inside,
  path: "accounts/$id",
  validateSearch: AccountSearch,
  component: lazyRouteComponent(
    () => import("./pages/AccountPage.tsx"),
    "AccountPage",
  ),
});

const dashboard = createRoute({
  getParentRoute: () => inside,
  path: "dashboard",
  validateSearch: DashboardSearch,
  component: lazyRouteComponent(
    () => import("./pages/DashboardPage.tsx"),
    "DashboardPage",
  ),
});

const operations = createRoute({
  getParentRoute: () => inside,
  path: "operations",
  validateSearch: OperationsSearch,
  component: lazyRouteComponent(
    () => import("./pages/OperationsPage.tsx"),
    "OperationsPage",
  ),
});

const members = createRoute({
  getParentRoute: () => inside,
  path: "members",
  component: lazyRouteComponent(
    () => import("./pages/MembersPage.tsx"),
    "MembersPage",
  ),
});

const invitations = createRoute({
  getParentRoute: () => root,
  path: "/invitations",
  component: lazyRouteComponent(
    () => import("./pages/InvitationsPage.tsx"),
    "InvitationsPage",
  ),
});

/** Every page and its address. */
export const router = createRouter({
  routeTree: root.addChildren([
    home,
    invitations,
    inside.addChildren([
      inbox,
      opportunity,
      accounts,
      account,
      dashboard,
      operations,
      members,
    ]),
  ]),
  defaultPreload: "intent",
  defaultErrorComponent: BrokenPage,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
