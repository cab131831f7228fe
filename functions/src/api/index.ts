import { OpenAPIHono } from "@hono/zod-openapi";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";
import { previewRoutes } from "./cards/activationPreview.ts";
import { accountChangeRoutes } from "./accounts/accountChanges.ts";
import { accountImportRoutes } from "./accounts/accountImport.ts";
import { accountMergeRoutes } from "./accounts/accountMerge.ts";
import { accountRoutes } from "./accounts/accounts.ts";
import { assetRoutes } from "./library/assets.ts";
import { authenticate } from "./http/auth.ts";
import { limitBodySize, refuseCompressed } from "./http/bodies.ts";
import { bulkReviewRoutes } from "./cards/bulkReviews.ts";
import { commentRoutes } from "./cards/comments.ts";
import type { Api, ApiDeps, ApiEnv } from "./http/context.ts";
import { dashboardRoutes } from "./operations/dashboards.ts";
import { decisionRecordRoutes } from "./signals/decisionRecords.ts";
import { describe } from "./http/description.ts";
import { exportDocumentRoutes } from "./exports/exportDocuments.ts";
import { exportRoutes } from "./exports/exportTables.ts";
import { healthRoutes } from "./operations/health.ts";
import { onceByKey } from "./http/idempotency.ts";
import { inboxRoutes } from "./cards/inbox.ts";
import { invitationChangeRoutes } from "./people/invitationChanges.ts";
import { invitationRoutes } from "./people/invitations.ts";
import { sharedLimiter } from "./http/limiter.ts";
import { memberChangeRoutes } from "./people/memberChanges.ts";
import { memberRoutes } from "./people/members.ts";
import { meRoutes } from "./people/me.ts";
import { messageRoutes } from "./operations/messages.ts";
import { myInvitationRoutes } from "./people/myInvitations.ts";
import { myTenantRoutes } from "./people/myTenants.ts";
import { monitoringRoutes } from "./operations/monitoringJobs.ts";
import { opportunityRoutes } from "./cards/opportunities.ts";
import { reviewRoutes } from "./cards/opportunityReviews.ts";
import { evidenceRoutes } from "./cards/opportunityEvidence.ts";
import { retryRoutes } from "./cards/opportunityRetry.ts";
import { outreachRoutes } from "./cards/outreach.ts";
import { peopleRoutes } from "./people/people.ts";
import { playbookRoutes } from "./library/playbooks.ts";
import { answerError, refuseInvalid, Refusal } from "./http/problem.ts";
import { countAnonymous } from "./http/rateLimit.ts";
import { reembeddingRoutes } from "./operations/reembeddings.ts";
import { requestId } from "./http/requestId.ts";
import type { Route } from "./http/route.ts";
import { resolutionRoutes } from "./signals/resolutions.ts";
import { resolutionCommandRoutes } from "./signals/resolutionCommands.ts";
import { searchRoutes } from "./cards/search.ts";
import { signalImportRoutes } from "./signals/signalImport.ts";
import { signalRoutes } from "./signals/signals.ts";
import { tenantRoutes } from "./people/tenant.ts";
import { webhookRoutes } from "./webhooks/webhooks.ts";

export type { ApiDeps } from "./http/context.ts";

/** Response headers that pages of other origins may read. */
const exposeHeaders = [
  "X-Request-ID",
  "Retry-After",
  "RateLimit",
  "RateLimit-Policy",
  "Idempotency-Replayed",
];

/** In the order of the OpenAPI document. */
const routes: readonly Route[] = [
  ...inboxRoutes,
  ...opportunityRoutes,
  ...evidenceRoutes,
  ...previewRoutes,
  ...reviewRoutes,
  ...bulkReviewRoutes,
  ...outreachRoutes,
  ...retryRoutes,
  ...commentRoutes,
  ...accountRoutes,
  ...accountChangeRoutes,
  ...accountImportRoutes,
  ...accountMergeRoutes,
  ...monitoringRoutes,
  ...signalRoutes,
  ...signalImportRoutes,
  ...webhookRoutes,
  ...resolutionRoutes,
  ...resolutionCommandRoutes,
  ...messageRoutes,
  ...meRoutes,
  ...peopleRoutes,
  ...memberRoutes,
  ...memberChangeRoutes,
  ...invitationRoutes,
  ...invitationChangeRoutes,
  ...myInvitationRoutes,
  ...myTenantRoutes,
  ...tenantRoutes,
  ...assetRoutes,
  ...playbookRoutes,
  ...reembeddingRoutes,
  ...exportRoutes,
  ...exportDocumentRoutes,
  ...searchRoutes,
  ...decisionRecordRoutes,
  ...dashboardRoutes,
  ...healthRoutes,
];

/** The HTTP API: zod schemas parse every request and answer and describe them at /api/openapi.json; every refusal is a problem (RFC 9457). */
export function createApi(deps: ApiDeps): Api {
  const api: Api = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid });
  api.onError((error, c) => answerError(error, c, deps));
  api.notFound((c) => {
    const detail = `There is no route ${c.req.method} ${c.req.path}.`;
    return answerError(new Refusal(404, detail), c, deps);
  });
  addMiddlewares(api, deps);
  for (const route of routes) route(api, deps);
  addDescription(api, deps);
  return api;
}

function addMiddlewares(api: Api, deps: ApiDeps): void {
  api.use(requestId(deps));
  api.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        frameAncestors: ["'none'"],
      },
      strictTransportSecurity: "max-age=31536000; includeSubDomains",
    }),
  );
  api.use(async (c, next) => {
    await next();
    c.header("Cache-Control", "no-store");
  });
  const { corsOrigins } = deps.settings;
  if (corsOrigins.length > 0) {
    api.use(cors({ origin: [...corsOrigins], exposeHeaders, maxAge: 600 }));
  }
  api.use(refuseCompressed, limitBodySize);
  const once = onceByKey(deps);
  const limiter = sharedLimiter(deps);
  api.use((c, next) => {
    c.set("once", once);
    c.set("limiter", limiter);
    return next();
  });
  for (const path of ["/api/v1/*", "/api/signals", "/health/detailed"]) {
    api.use(path, authenticate(deps));
  }
  for (const path of ["/health", "/api/openapi.json"]) {
    api.use(path, countAnonymous(deps));
  }
}

function addDescription(api: Api, { settings }: ApiDeps): void {
  let description: ReturnType<typeof describe> | undefined;
  api.get("/api/openapi.json", (c) => {
    description ??= describe(api, settings.version);
    return c.json(description);
  });
}
