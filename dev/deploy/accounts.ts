import { classifiers } from "../../functions/src/adapters/classifiers/index.ts";
import { crms } from "../../functions/src/adapters/crms/index.ts";
import { embedders } from "../../functions/src/adapters/embedders/index.ts";
import { vectorIndexes } from "../../functions/src/adapters/vectors/index.ts";
import { writers } from "../../functions/src/adapters/writers/index.ts";
import { TopicName } from "../../functions/src/domain/messages/topics.ts";

/** Who a group of functions is in the cloud, and what it may do there. */
export interface Account {
  readonly id: string;
  /** What it is for, shown beside it in the cloud. */
  readonly title: string;
  readonly functions: readonly string[];
  /** What it may publish to: the topics of its functions, and those that they emit. */
  readonly publishes: readonly TopicName[];
  /** Whether it may invite people and write their claims. */
  readonly managesPeople: boolean;
}

/**
 * One account per group of functions that need the same rights: what is taken over by a hostile page, feed or
 * answer holds no key of another vendor. Firestore has no finer right than the database, so all of them have that one.
 */
export const accounts: readonly Account[] = [
  {
    id: "clientpulse-clock",
    title: "Rings for what is due",
    functions: ["tick", "ringLater"],
    publishes: TopicName.options,
    managesPeople: false,
  },
  {
    // It reads what strangers wrote, and holds no secret at all.
    id: "clientpulse-pipeline",
    title: "Reads sources and moves signals and cards on",
    functions: [
      "monitor",
      "ingest",
      "escalate",
      "wake",
      "activate",
      "settle",
      "tally",
      "tallyDay",
    ],
    publishes: [
      "account-due",
      "vendor-due",
      "signal-received",
      "signal-ingested",
      "account-assess",
      "signal-qualified",
      "review-deadline",
      "snooze-end",
      "opportunity-approved",
      "crm-write",
      "activation-settled",
      "dashboard-due",
      "dashboard-day",
    ],
    managesPeople: false,
  },
  {
    // It reads what vendors answer to our keys, and no page of strangers.
    id: "clientpulse-vendor",
    title: "Looks at sources that ask for a key",
    functions: ["monitorVendor"],
    publishes: ["vendor-due", "signal-received"],
    managesPeople: false,
  },
  {
    id: "clientpulse-models",
    title: "Asks models and the vector index",
    functions: [
      "embed",
      "assess",
      "discover",
      "reassign",
      "indexAsset",
      "reembed",
    ],
    publishes: [
      "signal-ingested",
      "account-assess",
      "signal-qualified",
      "review-deadline",
      "audience-changed",
      "asset-changed",
      "signals-reembed",
    ],
    managesPeople: false,
  },
  {
    // The only one that can write to a customer's CRM.
    id: "clientpulse-crm",
    title: "Writes approved cards to the CRMs",
    functions: ["crmWrite"],
    publishes: ["crm-write", "activation-settled"],
    managesPeople: false,
  },
  {
    id: "clientpulse-api",
    title: "Serves people and programs",
    functions: ["api"],
    // A person replays parked work of any kind.
    publishes: TopicName.options,
    managesPeople: true,
  },
];

/** Each of these goes on with the work of the others. */
const judging = ["embed", "assess", "discover"] as const;

/** Who uses the vendors of each kind. */
const byKind = [
  [writers, judging],
  [classifiers, judging],
  [embedders, [...judging, "indexAsset", "reembed", "api"]],
  [vectorIndexes, [...judging, "reassign", "indexAsset", "reembed", "api"]],
  [Object.values(crms), ["crmWrite"]],
] as const;

/** The functions that use a vendor, by its secret. No other may be given it. */
export const usersOf: Readonly<Record<string, readonly string[]>> = {
  ...usersBySecret(),
  WEBHOOK_SECRETS: ["api"],
  SOURCE_KEYS: ["monitorVendor"],
};

function usersBySecret(): Readonly<Record<string, readonly string[]>> {
  const users: Record<string, readonly string[]> = {};
  for (const [definitions, functions] of byKind)
    for (const secret of definitions.flatMap((one) =>
      Object.values(one.secrets),
    ))
      users[secret] = [...new Set([...(users[secret] ?? []), ...functions])];
  return users;
}

/** The account that a function runs as; undefined for one that nobody thought of. */
export function findAccount(name: string): Account | undefined {
  return accounts.find(({ functions }) => functions.includes(name));
}

/** The account's address in a project. */
export function toAddress(id: string, project: string): string {
  return `${id}@${project}.iam.gserviceaccount.com`;
}
