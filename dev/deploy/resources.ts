import { type Cloud, type Group, justMade, type Step } from "./step.ts";

const mayGrant =
  "You need the role Owner, or Project IAM Admin and Service Account Admin.";

/** One account per group of functions, with no more rights than the group needs. */
export function theAccounts(cloud: Cloud): readonly Step[] {
  const { here, project, projectNumber, groups } = cloud;
  const grant = (what: string, member: string, role: string): Step => ({
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
  });
  return [
    grant(
      "the right to build, for the account that builds functions",
      `serviceAccount:${projectNumber}-compute@developer.gserviceaccount.com`,
      "roles/cloudbuild.builds.builder",
    ),
    ...groups.flatMap((group): readonly Step[] => {
      const { id, title, address, member } = group;
      const receives = servedBy(group, cloud).some(
        ({ kind }) => kind === "topic",
      );
      return [
        {
          what: `the account ${id}`,
          command: [
            "gcloud",
            "iam",
            "service-accounts",
            "create",
            id,
            `--display-name=${title}`,
            here,
          ],
          unless: {
            command: [
              "gcloud",
              "iam",
              "service-accounts",
              "describe",
              address,
              here,
            ],
          },
          mend: mayGrant,
        },
        grant(
          `${id} reads and writes documents`,
          member,
          "roles/datastore.user",
        ),
        ...(receives
          ? [
              grant(
                `${id} receives events`,
                member,
                "roles/eventarc.eventReceiver",
              ),
            ]
          : []),
        ...(group.managesPeople
          ? [
              grant(
                `${id} invites people and writes their claims`,
                member,
                "roles/firebaseauth.admin",
              ),
            ]
          : []),
        {
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
        },
      ];
    }),
  ];
}

function servedBy(group: Group, { discovered }: Cloud) {
  return discovered.triggers.filter(({ name }) =>
    group.functions.includes(name),
  );
}

/** Each secret that some function is bound to, readable by the groups of those functions alone. */
export function theSecrets(cloud: Cloud): readonly Step[] {
  const { here, groups, discovered } = cloud;
  const bound = discovered.triggers.flatMap(({ secrets }) => secrets);
  return [...new Set(bound)].sort().flatMap((secret): readonly Step[] => [
    {
      what: `the secret ${secret}`,
      command: [
        "gcloud",
        "secrets",
        "create",
        secret,
        "--replication-policy=automatic",
        here,
      ],
      unless: { command: ["gcloud", "secrets", "describe", secret, here] },
      mend: "You need the role Secret Manager Admin.",
    },
    {
      what: `a first value of ${secret}, from the environment; else a blank, which counts as not set`,
      command: [
        "gcloud",
        "secrets",
        "versions",
        "add",
        secret,
        "--data-file=-",
        here,
      ],
      unless: {
        command: [
          "gcloud",
          "secrets",
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
      mend: "You need the role Secret Manager Admin.",
      patient: justMade,
    },
    ...groups
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
          here,
        ],
        mend: "You need the role Secret Manager Admin.",
        patient: justMade,
      })),
  ]);
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
