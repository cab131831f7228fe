import { accounts, toAddress } from "./accounts.ts";
import type { Command } from "./command.ts";
import type { Discovered } from "./discovery.ts";
import {
  theAccounts,
  theImages,
  theQueues,
  theSecrets,
  theTopics,
} from "./resources.ts";
import { consoleApp } from "./consoleApp.ts";
import {
  type Cloud,
  type Group,
  justMade,
  type Step,
  type Target,
} from "./step.ts";

/** The services of Google that the functions and their deploy stand on. */
const services = [
  "artifactregistry",
  "cloudbuild",
  "cloudfunctions",
  "cloudresourcemanager",
  "cloudscheduler",
  "cloudtasks",
  "eventarc",
  "firebase",
  "firebasehosting",
  "firebaserules",
  "firestore",
  "iam",
  "identitytoolkit",
  "logging",
  "monitoring",
  "pubsub",
  "run",
  "secretmanager",
  "storage",
];

/** Every command of a deploy, in order. What is there stays; nothing is taken away. */
export function toPlan(
  discovered: Discovered,
  { project, projectNumber }: Target,
): readonly Step[] {
  const region = discovered.triggers[0]?.regions[0];
  if (region === undefined) throw new Error("There is no function to deploy.");
  const here = `--project=${project}`;
  const groups = accounts.map((account) => {
    const address = toAddress(account.id, project);
    return { ...account, address, member: `serviceAccount:${address}` };
  });
  const cloud: Cloud = {
    here,
    project,
    projectNumber,
    region,
    groups,
    discovered,
  };
  return [
    ...theProject(cloud),
    ...theConsole(cloud),
    ...theDatabase(cloud),
    ...theAccounts(cloud),
    ...theSecrets(cloud),
    ...theTopics(cloud),
    ...theQueues(cloud),
    ...theImages(cloud),
    ...theRelease(cloud),
    ...theBackups(cloud),
    ...theProof(cloud),
  ];
}

function theProject({ here, project }: Cloud): readonly Step[] {
  return [
    {
      what: "the services of Google that it stands on",
      command: [
        "gcloud",
        "services",
        "enable",
        ...services.map((name) => `${name}.googleapis.com`),
        here,
      ],
      mend: "The project needs billing, and you the role Owner, or Service Usage Admin.",
    },
    {
      what: "Firebase in the project",
      command: [
        "firebase",
        "projects:addfirebase",
        project,
        "--non-interactive",
      ],
      unless: {
        command: ["firebase", "hosting:sites:list", here, "--non-interactive"],
      },
      mend: "Sign in by `npx firebase login`, and accept Firebase's terms once in its console.",
    },
  ];
}

/** Without a site nothing is hosted, without an app nobody can sign in, and without providers nobody has a way to. */
function theConsole({ here, project }: Cloud): readonly Step[] {
  const list = (...words: readonly string[]): Command =>
    ["firebase", ...words, here, "--json", "--non-interactive"] as Command;
  return [
    {
      what: "the site of the console",
      command: [
        "firebase",
        "hosting:sites:create",
        project,
        here,
        "--non-interactive",
      ],
      unless: {
        command: list("hosting:sites:list"),
        says: new RegExp(`sites/${project}"`),
      },
      mend: "You need the role Firebase Hosting Admin.",
    },
    {
      what: "the web app that the console signs in as",
      command: [
        "firebase",
        "apps:create",
        "WEB",
        consoleApp,
        here,
        "--non-interactive",
      ],
      unless: {
        command: list("apps:list", "WEB"),
        says: new RegExp(`"displayName":\\s*"${consoleApp}"`),
      },
      mend: "You need the role Firebase Admin. A project may have 30 apps.",
    },
    {
      what: "signing in by e-mail and password",
      command: ["firebase", "deploy", "--only=auth", here, "--non-interactive"],
      mend: "You need the role Firebase Admin. By hand: Firebase console, Authentication, Get started, Email/Password.",
    },
    {
      what: "signing in by a link, which proves the address of whoever is invited",
      command: emailLinks(project),
      unless: { command: emailLinks(project, "--look"), says: /^allowed/ },
      mend: "You need the role Firebase Admin. By hand: Firebase console, Authentication, Sign-in method, Email/Password, Email link.",
    },
  ];
}

function emailLinks(project: string, ...flags: readonly string[]): Command {
  return [
    "node",
    "--import=tsx",
    "dev/deploy/emailLinks.ts",
    `--project=${project}`,
    ...flags,
  ];
}

const database = "--database=(default)";

function theDatabase({ here, region }: Cloud): readonly Step[] {
  const describe: Command = [
    "gcloud",
    "firestore",
    "databases",
    "describe",
    database,
  ];
  return [
    {
      what: "the database, which can be set back to any minute of the last seven days and not be deleted by mistake",
      command: [
        "gcloud",
        "firestore",
        "databases",
        "create",
        database,
        `--location=${region}`,
        "--type=firestore-native",
        "--enable-pitr",
        "--delete-protection",
        here,
      ],
      unless: { command: [...describe, here] },
      mend: "You need the role Datastore Owner. Where a database is cannot be changed later.",
    },
    {
      what: "the same for a database that was there before",
      command: [
        "gcloud",
        "firestore",
        "databases",
        "update",
        database,
        "--enable-pitr",
        "--delete-protection",
        here,
      ],
      unless: {
        command: [
          ...describe,
          "--format=value(pointInTimeRecoveryEnablement,deleteProtectionState)",
          here,
        ],
        says: /POINT_IN_TIME_RECOVERY_ENABLED\s+DELETE_PROTECTION_ENABLED/,
      },
      mend: "You need the role Datastore Owner.",
    },
  ];
}

function theRelease(cloud: Cloud): readonly Step[] {
  const { here, discovered } = cloud;
  const deploy = (only: string, ...flags: readonly string[]): Command => [
    "firebase",
    "deploy",
    `--only=${only}`,
    ...flags,
    here,
    "--non-interactive",
  ];
  const indexes: Command = [
    "gcloud",
    "firestore",
    "indexes",
    "composite",
    "list",
    database,
    "--format=value(state)",
    here,
  ];
  return [
    {
      what: "the rules, the indexes and when documents expire",
      command: deploy("firestore"),
      mend: "What the rules or indexes lack stands above. You need the role Firebase Admin.",
    },
    {
      what: "until the indexes are built: queries fail before",
      command: indexes,
      until: /CREATING/,
      mend: "An index of much data takes long: wait, and look with the command above.",
    },
    {
      what: "the functions, with their triggers and schedule; those of the codebase clientpulse that this version no longer has are deleted",
      // Without --force a deploy that asks nothing ends where one is to be deleted, and with it a roll-back past a new one.
      command: deploy("functions", "--force"),
      mend: "A first deploy fails where Google has not yet spread the rights of its own Eventarc account: wait five minutes. `npm run deploy -- --check` proves the functions without a cloud.",
    },
    ...theInvokers(cloud),
    ...(discovered.triggers.some(({ kind }) => kind === "https")
      ? [
          {
            what: "the site, which leads to the API",
            command: deploy("hosting"),
            mend: "The site's files must be built. You need the role Firebase Hosting Admin.",
          },
        ]
      : []),
  ];
}

function theInvokers(cloud: Cloud): readonly Step[] {
  const { here, region, groups } = cloud;
  return groups.flatMap((group) =>
    listInvoked(group, cloud).map((name): Step => ({
      what: `${group.id} calls ${name}`,
      command: [
        "gcloud",
        "functions",
        "add-invoker-policy-binding",
        name,
        `--region=${region}`,
        `--member=${group.member}`,
        here,
      ],
      mend: "You need the role Cloud Run Admin.",
      patient: justMade,
    })),
  );
}

/** The functions that a group calls as itself: those that its own events go to, and those that its tasks go to. */
function listInvoked(group: Group, cloud: Cloud): readonly string[] {
  return cloud.discovered.triggers
    .filter(
      ({ name, kind }) =>
        kind === "task queue" ||
        (kind === "topic" && group.functions.includes(name)),
    )
    .map(({ name }) => name);
}

function theBackups({ here }: Cloud): readonly Step[] {
  const each = (recurrence: string, ...flags: readonly string[]): Step => ({
    what: `a ${recurrence} backup`,
    command: [
      "gcloud",
      "firestore",
      "backups",
      "schedules",
      "create",
      database,
      `--recurrence=${recurrence}`,
      ...flags,
      here,
    ],
    unless: {
      command: [
        "gcloud",
        "firestore",
        "backups",
        "schedules",
        "list",
        database,
        "--format=json",
        here,
      ],
      says: new RegExp(`${recurrence}Recurrence`),
    },
    mend: "You need the role Datastore Owner.",
  });
  return [
    each("daily", "--retention=14d"),
    each("weekly", "--day-of-week=SUN", "--retention=14w"),
  ];
}

function theProof({ project }: Cloud): readonly Step[] {
  return [
    {
      what: "its health: 200 says that the API reaches the database",
      command: [
        "curl",
        "--fail",
        "--silent",
        "--show-error",
        "--max-time",
        "60",
        `https://${project}.web.app/health`,
      ],
      mend: "`npx firebase functions:log --only api` says why it does not answer.",
      patient: /./,
    },
  ];
}
