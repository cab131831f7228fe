import { OpenAPIHono } from "@hono/zod-openapi";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";
import { previewRoutes } from "./cards/activationPreview.ts";
import { accountChangeRoutes } from "./accounts/accountChanges.ts";
import { accountImportRoutes } from "./accounts/accountImport.ts";
import { accountMergeRoutes } from "./accounts/accountMerge.ts";
import { accountRoutes } from "./accounts/accounts.ts";
import { assetRoutes } from "./library/assets.ts";
import { signedIn } from "./http/auth.ts";
import { boundedBody, plainBody } from "./http/bodies.ts";
import { bulkDecisionRoutes } from "./cards/bulkDecisions.ts";
import { commentRoutes } from "./cards/comments.ts";
import type { Api, ApiDeps, ApiEnv } from "./http/context.ts";
import { dashboardRoutes } from "./operations/dashboards.ts";
import { decisionRecordRoutes } from "./signals/decisions.ts";
import { describe } from "./http/description.ts";
import { exportDocumentRoutes } from "./exports/exportDocuments.ts";
import { exportRoutes } from "./exports/exports.ts";
import { healthRoutes } from "./operations/health.ts";
import { onceByKey } from "./http/idempotency.ts";
import { inboxRoutes } from "./cards/inbox.ts";
import { invitationChangeRoutes } from "./people/invitationChanges.ts";
import { invitationRoutes } from "./people/invitations.ts";
import { sharingLimiter } from "./http/limiter.ts";
import { memberChangeRoutes } from "./people/memberChanges.ts";
import { memberRoutes } from "./people/members.ts";
import { meRoutes } from "./people/me.ts";
import { messageRoutes } from "./operations/messages.ts";
import { myInvitationRoutes } from "./people/myInvitations.ts";
import { myTenantRoutes } from "./people/myTenants.ts";
import { monitoringRoutes } from "./operations/monitoringJobs.ts";
import { opportunityRoutes } from "./cards/opportunities.ts";
import { decisionRoutes } from "./cards/opportunityDecisions.ts";
import { evidenceRoutes } from "./cards/opportunityEvidence.ts";
import { retryRoutes } from "./cards/opportunityRetry.ts";
import { outreachRoutes } from "./cards/outreach.ts";
import { peopleRoutes } from "./people/people.ts";
import { playbookRoutes } from "./library/playbooks.ts";
import { answerError, refuseInvalid, Refused } from "./http/problem.ts";
import { countAnonymous } from "./http/rateLimit.ts";
import { reembeddingRoutes } from "./operations/reembeddings.ts";
import { requestId } from "./http/requestId.ts";
import { resolutionRoutes } from "./signals/resolutions.ts";
import { resolutionCommandRoutes } from "./signals/resolutionCommands.ts";
import { searchRoutes } from "./cards/search.ts";
import { signalImportRoutes } from "./signals/signalImport.ts";
import { signalRoutes } from "./signals/signals.ts";
import { tenantRoutes } from "./people/tenant.ts";
import { webhookRoutes } from "./webhooks/webhooks.ts";

export type { ApiDeps } from "./http/context.ts";

/** What the pages of other origins may see of an answer besides its body. */
const exposeHeaders = [
  "X-Request-ID",
  "Retry-After",
  "RateLimit",
  "RateLimit-Policy",
  "Idempotency-Replayed",
];

/** The HTTP API: every route typed by zod both ways and described at /api/openapi.json; every refusal a problem (RFC 9457). */
export function createApi(deps: ApiDeps): Api {
  const api: Api = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid });
  api.onError((error, c) => answerError(error, c, deps));
  api.notFound((c) => {
    const detail = `There is no ${c.req.method} ${c.req.path}.`;
    return answerError(new Refused(404, detail), c, deps);
  });

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
  const { corsOrigins, version } = deps.settings;
  if (corsOrigins.length > 0) {
    api.use(cors({ origin: [...corsOrigins], exposeHeaders, maxAge: 600 }));
  }
  api.use(plainBody, boundedBody);
  const once = onceByKey(deps);
  api.use((c, next) => (c.set("once", once), next()));
  const limiter = sharingLimiter(deps);
  for (const path of ["/api/v1/*", "/api/signals", "/health/detailed"]) {
    api.use(path, signedIn(deps, limiter));
  }
  for (const path of ["/health", "/api/openapi.json"]) {
    api.use(path, countAnonymous(deps));
  }

  inboxRoutes(api, deps);
  opportunityRoutes(api, deps);
  evidenceRoutes(api, deps);
  previewRoutes(api, deps);
  decisionRoutes(api, deps);
  bulkDecisionRoutes(api, deps);
  outreachRoutes(api, deps);
  retryRoutes(api, deps);
  commentRoutes(api, deps);
  accountRoutes(api, deps);
  accountChangeRoutes(api, deps);
  accountImportRoutes(api, deps);
  accountMergeRoutes(api, deps);
  monitoringRoutes(api, deps);
  signalRoutes(api, deps);
  signalImportRoutes(api, deps);
  webhookRoutes(api, limiter, deps);
  resolutionRoutes(api, deps);
  resolutionCommandRoutes(api, deps);
  messageRoutes(api, deps);
  meRoutes(api, deps);
  peopleRoutes(api, deps);
  memberRoutes(api, deps);
  memberChangeRoutes(api, deps);
  invitationRoutes(api, deps);
  invitationChangeRoutes(api, deps);
  myInvitationRoutes(api, deps);
  myTenantRoutes(api, deps);
  tenantRoutes(api, deps);
  assetRoutes(api, deps);
  playbookRoutes(api, deps);
  reembeddingRoutes(api, deps);
  exportRoutes(api, deps);
  exportDocumentRoutes(api, deps);
  searchRoutes(api, deps);
  decisionRecordRoutes(api, deps);
  dashboardRoutes(api, deps);
  healthRoutes(api, deps);

  let description: ReturnType<typeof describe> | undefined;
  api.get("/api/openapi.json", (c) => {
    description ??= describe(api, version);
    return c.json(description);
  });
  return api;
}
