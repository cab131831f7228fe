import { type Cloud, type Group, justMade, type Step } from "./step.ts";

const mayGrant =
  "You need the role Owner, or Project IAM Admin and Service Account Admin.";

/** One account per group of functions, with no more rights than the group needs. */
export function theAccounts(cloud: Cloud): readonly Step[] {
  return [
    grant(cloud, {
      what: "the right to build, for the account that builds functions",
      member: `serviceAccount:${cloud.projectNumber}-compute@developer.gserviceaccount.com`,
      role: "roles/cloudbuild.builds.builder",
    }),
    ...cloud.groups.flatMap((group) => [
      theAccount(cloud, group),
      ...theRights(cloud, group),
      theSigning(cloud, group),
    ]),
  ];
}

function grant(
  { project }: Cloud,
  {
    what,
    member,
    role,
  }: {
    readonly what: string;
    readonly member: string;
    readonly role: string;
  },
): Step {
  return {
    what,
    command: [
      "gcloud",
      "projects",
      "add-iam-policy-binding",
      project,
      `--member=${member}`,
      `--role=${role}`,
      "--condition=None",
      "--format=none",
    ],
    mend: mayGrant,
    patient: justMade,
  };
}

function theAccount({ here }: Cloud, { id, title, address }: Group): Step {
  const accounts = ["gcloud", "iam", "service-accounts"] as const;
  return {
    what: `the account ${id}`,
    command: [...accounts, "create", id, `--display-name=${title}`, here],
    unless: { command: [...accounts, "describe", address, here] },
    mend: mayGrant,
  };
}

function theRights(cloud: Cloud, group: Group): readonly Step[] {
  const { id, member } = group;
  const receives = servedBy(group, cloud).some(({ kind }) => kind === "topic");
  const events = {
    what: `${id} receives events`,
    role: "roles/eventarc.eventReceiver",
  };
  const people = {
    what: `${id} invites people and writes their claims`,
    role: "roles/firebaseauth.admin",
  };
  return [
    { what: `${id} reads and writes documents`, role: "roles/datastore.user" },
    ...(receives ? [events] : []),
    ...(group.managesPeople ? [people] : []),
  ].map((right) => grant(cloud, { ...right, member }));
}

function theSigning({ here }: Cloud, { id, address, member }: Group): Step {
  return {
    what: `${id} signs its tasks as itself`,
    command: [
      "gcloud",
      "iam",
      "service-accounts",
      "add-iam-policy-binding",
      address,
      `--member=${member}`,
      "--role=roles/iam.serviceAccountUser",
      "--format=none",
      here,
    ],
    mend: mayGrant,
    patient: justMade,
  };
}

function servedBy(group: Group, { discovered }: Cloud) {
  return discovered.triggers.filter(({ name }) =>
    group.functions.includes(name),
  );
}

const mayManageSecrets = "You need the role Secret Manager Admin.";

/** Each secret that some function is bound to, readable by the groups of those functions alone. */
export function theSecrets(cloud: Cloud): readonly Step[] {
  const bound = cloud.discovered.triggers.flatMap(({ secrets }) => secrets);
  return [...new Set(bound)]
    .sort()
    .flatMap((secret) => [
      ...theSecret(cloud, secret),
      ...theReaders(cloud, secret),
    ]);
}

function theSecret({ here }: Cloud, secret: string): readonly Step[] {
  const secrets = ["gcloud", "secrets"] as const;
  return [
    {
      what: `the secret ${secret}`,
      command: [
        ...secrets,
        "create",
        secret,
        "--replication-policy=automatic",
        here,
      ],
      unless: { command: [...secrets, "describe", secret, here] },
      mend: mayManageSecrets,
    },
    {
      what: `a first value of ${secret}, from the environment; else a blank, which counts as not set`,
      command: [...secrets, "versions", "add", secret, "--data-file=-", here],
      unless: {
        command: [
          ...secrets,
          "versions",
          "list",
          secret,
          "--filter=state=ENABLED",
          "--format=value(name)",
          here,
        ],
        says: /\S/,
      },
      reads: secret,
      mend: mayManageSecrets,
      patient: justMade,
    },
  ];
}

function theReaders(cloud: Cloud, secret: string): readonly Step[] {
  return cloud.groups
    .filter((group) =>
      servedBy(group, cloud).some(({ secrets }) => secrets.includes(secret)),
    )
    .map(({ id, member }): Step => ({
      what: `${id} reads ${secret}`,
      command: [
        "gcloud",
        "secrets",
        "add-iam-policy-binding",
        secret,
        `--member=${member}`,
        "--role=roles/secretmanager.secretAccessor",
        "--format=none",
        cloud.here,
      ],
      mend: mayManageSecrets,
      patient: justMade,
    }));
}

/** Each topic, on which only those ring who have something to say there. */
export function theTopics({
  here,
  groups,
  discovered,
}: Cloud): readonly Step[] {
  return discovered.triggers
    .filter(({ kind }) => kind === "topic")
    .flatMap(({ of: topic }): readonly Step[] => [
      {
        what: `the topic ${topic}`,
        command: ["gcloud", "pubsub", "topics", "create", topic, here],
        unless: {
          command: ["gcloud", "pubsub", "topics", "describe", topic, here],
        },
        mend: "You need the role Pub/Sub Admin.",
      },
      ...groups
        .filter(({ publishes }) => publishes.some((name) => name === topic))
        .map(({ id, member }): Step => ({
          what: `${id} rings on ${topic}`,
          command: [
            "gcloud",
            "pubsub",
            "topics",
            "add-iam-policy-binding",
            topic,
            `--member=${member}`,
            "--role=roles/pubsub.publisher",
            "--format=none",
            here,
          ],
          mend: "You need the role Pub/Sub Admin.",
          patient: justMade,
        })),
    ]);
}

/** Each queue, as its function asks for it. */
export function theQueues({
  here,
  region,
  groups,
  discovered,
}: Cloud): readonly Step[] {
  const where = [`--location=${region}`, here];
  return discovered.triggers
    .filter(({ kind }) => kind === "task queue")
    .flatMap(({ name, queue }): readonly Step[] => {
      const limits = {
        "max-concurrent-dispatches": queue?.rateLimits?.maxConcurrentDispatches,
        "max-dispatches-per-second": queue?.rateLimits?.maxDispatchesPerSecond,
        "max-attempts": queue?.retryConfig?.maxAttempts,
      };
      return [
        {
          what: `the queue ${name}`,
          command: [
            "gcloud",
            "tasks",
            "queues",
            "create",
            name,
            ...Object.entries(limits)
              .filter(([, limit]) => limit !== null && limit !== undefined)
              .map(([flag, limit]) => `--${flag}=${limit}`),
            ...where,
          ],
          unless: {
            command: ["gcloud", "tasks", "queues", "describe", name, ...where],
          },
          mend: "You need the role Cloud Tasks Admin. The name of a queue that was deleted is free again after seven days.",
        },
        ...groups.map(({ id, member }): Step => ({
          what: `${id} puts tasks on ${name}`,
          command: [
            "gcloud",
            "tasks",
            "queues",
            "add-iam-policy-binding",
            name,
            `--member=${member}`,
            "--role=roles/cloudtasks.enqueuer",
            "--format=none",
            ...where,
          ],
          mend: "You need the role Cloud Tasks Admin.",
          patient: justMade,
        })),
      ];
    });
}

/** Without a rule for old images firebase-tools ends a deploy that asks nothing as failed. */
export function theImages({ here, region }: Cloud): readonly Step[] {
  const repository = ["gcf-artifacts", `--location=${region}`, here] as const;
  return [
    {
      what: "the repository of the functions' images",
      command: [
        "gcloud",
        "artifacts",
        "repositories",
        "create",
        ...repository,
        "--repository-format=docker",
      ],
      unless: {
        command: [
          "gcloud",
          "artifacts",
          "repositories",
          "describe",
          ...repository,
        ],
      },
      mend: "You need the role Artifact Registry Administrator.",
    },
    {
      what: "images older than 30 days go",
      command: [
        "firebase",
        "functions:artifacts:setpolicy",
        `--location=${region}`,
        "--days=30",
        here,
        "--non-interactive",
      ],
      mend: "You need the role Artifact Registry Administrator.",
    },
  ];
}
