import { OpenAPIHono } from "@hono/zod-openapi";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";
import { previewRoutes } from "./activationPreview.ts";
import { accountChangeRoutes } from "./accountChanges.ts";
import { accountImportRoutes } from "./accountImport.ts";
import { accountMergeRoutes } from "./accountMerge.ts";
import { accountRoutes } from "./accounts.ts";
import { assetRoutes } from "./assets.ts";
import { signedIn } from "./auth.ts";
import { boundedBody, plainBody } from "./bodies.ts";
import { bulkDecisionRoutes } from "./bulkDecisions.ts";
import { commentRoutes } from "./comments.ts";
import type { Api, ApiDeps, ApiEnv } from "./context.ts";
import { dashboardRoutes } from "./dashboards.ts";
import { decisionRecordRoutes } from "./decisions.ts";
import { describe } from "./description.ts";
import { exportDocumentRoutes } from "./exportDocuments.ts";
import { exportRoutes } from "./exports.ts";
import { healthRoutes } from "./health.ts";
import { onceByKey } from "./idempotency.ts";
import { inboxRoutes } from "./inbox.ts";
import { invitationChangeRoutes } from "./invitationChanges.ts";
import { invitationRoutes } from "./invitations.ts";
import { sharingLimiter } from "./limiter.ts";
import { memberChangeRoutes } from "./memberChanges.ts";
import { memberRoutes } from "./members.ts";
import { meRoutes } from "./me.ts";
import { messageRoutes } from "./messages.ts";
import { myInvitationRoutes } from "./myInvitations.ts";
import { myTenantRoutes } from "./myTenants.ts";
import { monitoringRoutes } from "./monitoringJobs.ts";
import { opportunityRoutes } from "./opportunities.ts";
import { decisionRoutes } from "./opportunityDecisions.ts";
import { evidenceRoutes } from "./opportunityEvidence.ts";
import { retryRoutes } from "./opportunityRetry.ts";
import { outreachRoutes } from "./outreach.ts";
import { peopleRoutes } from "./people.ts";
import { playbookRoutes } from "./playbooks.ts";
import { answerError, refuseInvalid, Refused } from "./problem.ts";
import { countAnonymous } from "./rateLimit.ts";
import { reembeddingRoutes } from "./reembeddings.ts";
import { requestId } from "./requestId.ts";
import { resolutionRoutes } from "./resolutions.ts";
import { resolutionCommandRoutes } from "./resolutionCommands.ts";
import { searchRoutes } from "./search.ts";
import { signalImportRoutes } from "./signalImport.ts";
import { signalRoutes } from "./signals.ts";
import { tenantRoutes } from "./tenant.ts";
import { webhookRoutes } from "./webhooks.ts";

export type { ApiDeps } from "./context.ts";

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
