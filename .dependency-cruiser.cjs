/**
 * The arrows between the rooms: each rule is a sentence, and its comment says why.
 *
 * Inside a room stand the folders of its contexts. Each table names, for every folder, which other folders of the
 * same room it may see; a folder that stands in no table may see none, so a new one has to be thought of here.
 */
const domain = {
  kernel: [],
  text: ["kernel"],
  sources: ["kernel"],
  people: ["kernel"],
  requests: ["kernel"],
  crm: ["kernel"],
  accounts: ["kernel", "people", "sources"],
  signals: ["kernel", "sources", "text"],
  duplicates: ["kernel", "sources"],
  resolution: ["kernel", "accounts", "signals"],
  judgement: ["kernel", "resolution", "signals", "sources"],
  tenants: ["kernel", "accounts", "resolution", "signals", "sources"],
  messages: ["kernel", "crm", "resolution"],
  imports: ["kernel", "accounts", "resolution", "sources"],
  weighing: ["kernel", "accounts", "signals", "sources", "tenants"],
  cards: ["kernel", "accounts", "crm", "signals", "sources", "tenants", "text"],
  prompts: ["kernel", "accounts", "cards", "signals", "text"],
  reports: ["kernel", "cards", "crm", "signals"],
};
const pipeline = {
  find: [],
  ingest: [],
  embed: ["ingest"],
  assess: [],
  discover: [],
  review: [],
  activate: ["review", "upkeep"],
  upkeep: ["embed"],
};
const api = {
  http: [],
  accounts: ["http"],
  cards: ["http"],
  library: ["http"],
  people: ["http"],
  exports: ["http", "cards"],
  operations: ["http", "accounts"],
  signals: ["http", "accounts"],
  webhooks: ["http", "signals"],
};

/** The console: its contexts never see each other, pages in app/ bring them together. */
const features = {
  accounts: [],
  cards: [],
  people: [],
  reports: [],
  operations: [],
};
const web = {
  "features/accounts": {
    figures: [],
    timeline: [],
    sources: [],
    list: ["figures"],
    run: ["sources", "timeline"],
    page: ["figures", "run", "sources", "timeline"],
  },
  "features/cards": {
    review: [],
    inbox: ["review"],
    opportunity: ["review"],
  },
  "features/people": { signIn: [], invitations: [], members: [] },
  "features/operations": {
    messages: [],
    resolution: [],
    runs: ["messages"],
    sources: [],
    traces: [],
  },
  lib: {
    language: [],
    page: [],
    session: [],
    firestore: ["page", "session"],
    api: ["firestore", "page", "session"],
  },
};

/** One rule for each folder of a room. Files that lie in the room itself are seen by all of its folders. */
function contextsOf(path, table) {
  const room = path.split("/").at(-1);
  const known = Object.keys(table).join("|");
  return [
    ...Object.entries(table).map(([context, sees]) => ({
      name: `${room}-${context}-sees-${sees.join("-") || "no-other-context"}`,
      comment: "The tables at the top of this file say who sees whom.",
      severity: "error",
      from: { path: `^${path}/${context}/` },
      to: {
        path: `^${path}/[^/]+/`,
        pathNot: `^${path}/(?:${[context, ...sees].join("|")})/`,
      },
    })),
    {
      name: `${room}-has-no-folder-that-is-in-no-table`,
      comment: "Add the new folder to the table at the top of this file.",
      severity: "error",
      from: {},
      to: {
        path: `^${path}/[^/]+/`,
        pathNot: `^${path}/(?:${known})/`,
      },
    },
  ];
}

module.exports = {
  forbidden: [
    {
      name: "nothing-goes-in-circles",
      comment:
        "A circle has no top to start reading at; a circle of types is a type in the wrong file.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    ...contextsOf("functions/src/domain", domain),
    ...contextsOf("functions/src/pipeline", pipeline),
    ...contextsOf("functions/src/api", api),
    ...contextsOf("web/src/features", features),
    ...Object.entries(web).flatMap(([room, table]) =>
      contextsOf(`web/src/${room}`, table),
    ),
    {
      name: "no-context-sees-the-list-of-all-collections",
      comment:
        "It stands above all of them, for it names all of their documents.",
      severity: "error",
      from: { path: "^functions/src/domain/[^/]+/" },
      to: { path: "^functions/src/domain/collections\\.ts$" },
    },
    {
      name: "what-is-imported-exists",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "the-domain-imports-only-itself-zod-and-hashes",
      comment:
        "It decides, and knows no clock, no chance, no process and no vendor.",
      severity: "error",
      from: { path: "^functions/src/domain/" },
      to: {
        pathNot: [
          "^functions/src/domain/",
          "^node_modules/zod/",
          "^node_modules/@noble/hashes/",
        ],
      },
    },
    {
      name: "the-ports-import-only-the-domain",
      comment: "They say what the story may ask of the world.",
      severity: "error",
      from: { path: "^functions/src/ports/" },
      to: { pathNot: "^functions/src/(?:domain|ports)/" },
    },
    {
      name: "the-pipeline-imports-only-the-domain-and-the-ports",
      comment:
        "It touches nothing but what its deps carry, so every stage runs in a test without a cloud. Compressing is computing.",
      severity: "error",
      from: { path: "^functions/src/pipeline/" },
      to: {
        pathNot: [
          "^functions/src/(?:domain|ports|pipeline)/",
          "^node_modules/zod/",
          "^zlib$",
        ],
      },
    },
    {
      name: "delivery-imports-only-the-domain-and-the-ports",
      comment: "It delivers whatever a stage is, and knows none of them.",
      severity: "error",
      from: { path: "^functions/src/delivery/" },
      to: {
        pathNot: [
          "^functions/src/(?:domain|ports|delivery)/",
          "^node_modules/zod/",
        ],
      },
    },
    {
      name: "adapters-import-the-domain-the-ports-and-their-own-sdk",
      comment: "What they do is said by a port, not by who calls them.",
      severity: "error",
      from: { path: "^functions/src/adapters/" },
      to: {
        path: "^functions/src/",
        pathNot: "^functions/src/(?:adapters|domain|ports)/",
      },
    },
    {
      name: "a-vendor-never-imports-another",
      comment:
        "One vendor, one file, or one folder: taking one away must not touch the others. What several share lies in parts/, and the list of them is index.ts.",
      severity: "error",
      from: {
        path: "^functions/src/adapters/(connectors/[^/]+|crms|writers|embedders|classifiers)/(?!index\\.ts)",
      },
      to: {
        path: "^functions/src/adapters/(?:connectors/[^/]+|crms|writers|embedders|classifiers)/[^/]+\\.ts$",
        pathNot: "^functions/src/adapters/connectors/index\\.ts$",
      },
    },
    {
      name: "what-vendors-share-belongs-to-their-kind",
      comment: "What two kinds share stands beside both of them.",
      severity: "error",
      from: {
        path: "^functions/src/adapters/(?:connectors/)?([^/]+)/",
        pathNot: "^functions/src/adapters/[^/]+/index\\.ts$",
      },
      to: {
        path: "^functions/src/adapters/(?:connectors/)?[^/]+/parts/",
        pathNot: "^functions/src/adapters/(?:connectors/)?$1/parts/",
      },
    },
    {
      name: "only-the-wiring-reads-a-list-of-vendors",
      comment: "A vendor that reads it depends on all the others.",
      severity: "error",
      from: {
        path: "^functions/src/",
        pathNot: "^functions/src/(?:compose|config)\\.ts$",
      },
      to: { path: "^functions/src/adapters/[^/]+/index\\.ts$" },
    },
    {
      name: "triggers-and-api-import-what-is-inside-firebase-functions-and-hono",
      comment: "They are the way in; the way out is reached through deps.",
      severity: "error",
      from: { path: "^functions/src/(?:triggers|api)/" },
      to: {
        pathNot: [
          "^functions/src/(?:domain|ports|pipeline|delivery|triggers|api)/",
          "^node_modules/(?:firebase-functions|hono|@hono/[^/]+|zod)/",
        ],
        dependencyTypesNot: ["core", "type-only"],
      },
    },
    {
      name: "only-the-wiring-imports-adapters-and-config",
      comment:
        "config.ts declares what the vendors ask for, compose.ts builds the dependencies and index.ts lists the functions; nobody else knows a vendor or the environment.",
      severity: "error",
      from: {
        path: "^functions/src/",
        pathNot: "^functions/src/(?:adapters/|(?:compose|config|index)\\.ts$)",
      },
      to: { path: "^functions/src/(?:adapters/|config\\.ts$|compose\\.ts$)" },
    },
    {
      name: "the-web-imports-the-domain-alone",
      comment: "It shares schemas, types and roles with the functions.",
      severity: "error",
      from: { path: "^web/" },
      to: {
        path: "^(?:functions|dev|test)/",
        pathNot: "^functions/src/domain/",
      },
    },
    {
      name: "the-webs-lib-alone-touches-firebase",
      comment: "What listens and what asks is in one place.",
      severity: "error",
      from: { path: "^web/src/", pathNot: "^web/src/lib/" },
      to: { path: "^node_modules/(?:firebase|@firebase)/" },
    },
    {
      name: "the-webs-rooms-import-downwards",
      comment: "app, features, parts, lib: who reads down need not read up.",
      severity: "error",
      from: { path: "^web/src/(?:lib|parts|features)/" },
      to: { path: "^web/src/app/" },
    },
    {
      name: "the-webs-parts-and-lib-know-no-feature",
      severity: "error",
      from: { path: "^web/src/(?:lib|parts)/" },
      to: { path: "^web/src/features/" },
    },
    {
      name: "the-webs-lib-stands-on-itself",
      severity: "error",
      from: { path: "^web/src/lib/" },
      to: { path: "^web/src/parts/" },
    },
    {
      name: "what-ships-imports-neither-tests-nor-the-launcher",
      severity: "error",
      from: { path: "^(?:functions|web)/" },
      to: { path: "^(?:dev|test)/" },
    },
    {
      name: "what-ships-imports-what-is-deployed-with-it",
      comment: "A development dependency is not there in the cloud.",
      severity: "error",
      from: { path: "^functions/src/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(?:functions/lib|test/fixtures)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
