import { api as theApi, dependencies } from "./compose.ts";
import { isEmulated, maxInstances, region, runsAs, secrets } from "./config.ts";
import { onApi } from "./triggers/onApi.ts";
import { onClock } from "./triggers/onClock.ts";
import { onTask } from "./triggers/onTask.ts";
import { onTopic } from "./triggers/onTopic.ts";

/** Who a group of functions is in the cloud: each group may do no more than it needs. */
const runs = {
  asPipeline: { serviceAccount: "clientpulse-pipeline@" },
  asVendor: { serviceAccount: "clientpulse-vendor@" },
  asModels: { serviceAccount: "clientpulse-models@" },
  asCrm: { serviceAccount: "clientpulse-crm@" },
  asApi: { serviceAccount: "clientpulse-api@" },
} as const;
const small = {
  region,
  maxInstances,
  memory: "256MiB",
  concurrency: 20,
  ...runs.asPipeline,
} as const;
const reading = {
  region,
  maxInstances,
  memory: "512MiB",
  concurrency: 8,
  ...runs.asPipeline,
} as const;
const embedding = {
  ...small,
  ...runs.asModels,
  secrets: [...secrets.embedders, ...secrets.vectors],
};
/** Each of these goes on with the next in its own process. */
const judging = {
  ...embedding,
  concurrency: 8,
  secrets: [...embedding.secrets, ...secrets.classifiers, ...secrets.writers],
};

/** The clock, and a ring for a moment. */
export const tick = onClock(region, dependencies);
export const ringLater = onlyWhere("ringLater", () =>
  onTask({ region, maxInstances }, dependencies),
);

/** A signal's way to a card. */
export const monitor = onTopic("account-due", reading, dependencies);
export const monitorVendor = onTopic(
  "vendor-due",
  { ...reading, ...runs.asVendor, secrets: [secrets.sourceKeys] },
  dependencies,
);
export const ingest = onTopic("signal-received", reading, dependencies);
export const embed = onTopic("signal-ingested", judging, dependencies);
export const assess = onTopic("account-assess", judging, dependencies);
export const discover = onTopic("signal-qualified", judging, dependencies);

/** A card's way to the CRMs. */
export const api = onlyWhere("api", () =>
  onApi(
    {
      isInstance: runsAs === "api" && !isEmulated,
      region,
      maxInstances,
      memory: "256MiB",
      concurrency: 40,
      ...runs.asApi,
      secrets: [secrets.webhookSecrets, ...embedding.secrets],
    },
    theApi,
  ),
);
export const escalate = onTopic("review-deadline", small, dependencies);
export const wake = onTopic("snooze-end", small, dependencies);
export const activate = onTopic("opportunity-approved", small, dependencies);
export const crmWrite = onTopic(
  "crm-write",
  {
    ...small,
    ...runs.asCrm,
    secrets: [...secrets.crms],
  },
  dependencies,
);
export const settle = onTopic("activation-settled", small, dependencies);

/** What people set up, carried to where it is used. */
export const reassign = onTopic(
  "audience-changed",
  { ...small, ...runs.asModels, secrets: [...secrets.vectors] },
  dependencies,
);
export const indexAsset = onTopic("asset-changed", embedding, dependencies);

/** Everything anew, after a change of the embedding model. */
export const reembed = onTopic(
  "signals-reembed",
  { ...reading, ...runs.asModels, secrets: embedding.secrets },
  dependencies,
);

/** What the dashboard shows, counted while somebody looks. */
export const tally = onTopic("dashboard-due", small, dependencies);
export const tallyDay = onTopic("dashboard-day", small, dependencies);

/** One that needs much to be loaded: where another of the functions runs, it is left out. */
function onlyWhere<T>(name: string, define: () => T): T | undefined {
  return runsAs === null || runsAs === name ? define() : undefined;
}
