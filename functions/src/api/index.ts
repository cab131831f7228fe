import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";
import { accountChangeRoutes } from "./accountChanges.ts";
import { accountImportRoutes } from "./accountImport.ts";
import { accountRoutes } from "./accounts.ts";
import { assetRoutes } from "./assets.ts";
import { signedIn } from "./auth.ts";
import type { Api, ApiDeps, ApiEnv } from "./context.ts";
import { healthRoutes } from "./health.ts";
import { inboxRoutes } from "./inbox.ts";
import { memberChangeRoutes } from "./memberChanges.ts";
import { memberRoutes } from "./members.ts";
import { meRoutes } from "./me.ts";
import { messageRoutes } from "./messages.ts";
import { monitoringRoutes } from "./monitoringJobs.ts";
import { opportunityRoutes } from "./opportunities.ts";
import { decisionRoutes } from "./opportunityDecisions.ts";
import { evidenceRoutes } from "./opportunityEvidence.ts";
import { playbookRoutes } from "./playbooks.ts";
import { answerError, refuseInvalid, Refused } from "./problem.ts";
import { requestId } from "./requestId.ts";
import { signalRoutes } from "./signals.ts";
import { tenantRoutes } from "./tenant.ts";
import { webhookRoutes } from "./webhooks.ts";

export type { ApiDeps } from "./context.ts";

const maxBodyBytes = 5_000_000;

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
    const exposeHeaders = ["X-Request-ID"];
    api.use(cors({ origin: [...corsOrigins], exposeHeaders, maxAge: 600 }));
  }
  api.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new Refused(413, `A body may have ${maxBodyBytes} bytes.`);
      },
    }),
  );
  for (const path of ["/api/v1/*", "/api/signals", "/health/detailed"]) {
    api.use(path, signedIn(deps));
  }

  inboxRoutes(api, deps);
  opportunityRoutes(api, deps);
  evidenceRoutes(api, deps);
  decisionRoutes(api, deps);
  accountRoutes(api, deps);
  accountChangeRoutes(api, deps);
  accountImportRoutes(api, deps);
  monitoringRoutes(api, deps);
  signalRoutes(api, deps);
  webhookRoutes(api, deps);
  messageRoutes(api, deps);
  meRoutes(api, deps);
  memberRoutes(api, deps);
  memberChangeRoutes(api, deps);
  tenantRoutes(api, deps);
  assetRoutes(api, deps);
  playbookRoutes(api, deps);
  healthRoutes(api, deps);

  api.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    description:
      "A Firebase ID token. With more than one tenant, X-Tenant-ID says which.",
  });
  api.doc31("/api/openapi.json", {
    openapi: "3.1.0",
    info: { title: "ClientPulse", version },
  });
  return api;
}
