/** The arrows between the rooms: each rule is a sentence, and its comment says why. */
module.exports = {
  forbidden: [
    {
      name: "nothing-goes-in-circles",
      comment: "A circle has no top to start reading at.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
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
      name: "the-pipeline-imports-only-the-domain-and-itself",
      comment:
        "It touches nothing but what its deps carry, so every stage runs in a test without a cloud. Compressing is computing.",
      severity: "error",
      from: { path: "^functions/src/pipeline/" },
      to: {
        pathNot: [
          "^functions/src/(?:domain|pipeline)/",
          "^node_modules/zod/",
          "^zlib$",
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
        pathNot: [
          "^functions/src/(?:adapters|domain)/",
          "^functions/src/pipeline/ports\\.ts$",
        ],
      },
    },
    {
      name: "a-connector-never-imports-another-vendor",
      comment:
        "One vendor, one file: taking one away must not touch the others. The list of them is index.ts.",
      severity: "error",
      from: {
        path: "^functions/src/adapters/(?:connectors|crms|writers|embedders)/(?!index\\.ts)[^/]+\\.ts$",
      },
      to: {
        path: "^functions/src/adapters/(?:connectors/(?:sec|secSearch|rss|gdelt|newsapi|serper|googleCse|greenhouse|lever|ashby|workable|smartrecruiters|recruitee|personio|hubspot|salesforce|ga4|youtube|tiktok|index)|crms/(?:salesforce|hubspot|index)|writers/(?:anthropic|extractive)|embedders/[^/]+)\\.ts$",
      },
    },
    {
      name: "triggers-and-api-import-the-domain-the-pipeline-firebase-functions-and-hono",
      comment: "They are the way in; the way out is reached through deps.",
      severity: "error",
      from: { path: "^functions/src/(?:triggers|api)/" },
      to: {
        pathNot: [
          "^functions/src/(?:domain|pipeline|triggers|api)/",
          "^node_modules/(?:firebase-functions|hono|@hono/[^/]+|zod)/",
        ],
        dependencyTypesNot: ["core", "type-only"],
      },
    },
    {
      name: "only-the-wiring-imports-adapters-and-config",
      comment:
        "compose.ts builds the dependencies and index.ts lists the functions; nobody else knows a vendor or the environment.",
      severity: "error",
      from: {
        path: "^functions/src/",
        pathNot: "^functions/src/(?:adapters/|compose\\.ts$|index\\.ts$)",
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
      name: "the-webs-features-never-import-each-other",
      comment: "Pages in app/ bring them together.",
      severity: "error",
      from: { path: "^web/src/features/([^/]+)/" },
      to: {
        path: "^web/src/features/",
        pathNot: "^web/src/features/$1/",
      },
    },
    {
      name: "the-webs-rooms-import-downwards",
      comment:
        "app, features, decisions, parts, lib: who reads down need not read up.",
      severity: "error",
      from: { path: "^web/src/(?:lib|parts|decisions|features)/" },
      to: { path: "^web/src/app/" },
    },
    {
      name: "the-webs-parts-and-lib-know-no-feature",
      severity: "error",
      from: { path: "^web/src/(?:lib|parts|decisions)/" },
      to: { path: "^web/src/features/" },
    },
    {
      name: "the-webs-lib-stands-on-itself",
      severity: "error",
      from: { path: "^web/src/lib/" },
      to: { path: "^web/src/(?:parts|decisions)/" },
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
