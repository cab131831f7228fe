import { spawn } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { root } from "./places.ts";

interface Check {
  readonly name: string;
  readonly args: readonly string[];
  /** The command, or the deed, that mends it. */
  readonly mend: string;
  /** Why a run that ended well is none all the same; null where it is. */
  readonly doubt?: (output: string) => string | null;
}

const bin = (path: string) => join(root, "node_modules", path);

/** In this order: what is cheap and breaks the rest comes first. */
const checks: readonly Check[] = [
  {
    name: "types",
    args: [bin("typescript/bin/tsc"), "--project", root],
    mend: "Mend the types; `npx tsc --watch` shows them while you do.",
  },
  {
    name: "lint",
    args: [bin("oxlint/bin/oxlint")],
    mend: "`npm run fix` mends what can be mended by itself.",
  },
  {
    name: "format",
    args: [
      bin("prettier/bin/prettier.cjs"),
      "--check",
      "--log-level=warn",
      ".",
    ],
    mend: "`npm run fix` formats.",
  },
  {
    name: "arrows",
    args: [
      bin("dependency-cruiser/bin/dependency-cruise.mjs"),
      "--output-type=json",
      "functions/src",
      "web/src",
      "dev",
      "test",
    ],
    mend: "`npx depcruise functions/src web/src dev test` explains each; turn the import round, or give it a port.",
    doubt: missingRoom,
  },
  {
    name: "expressions",
    args: ["--import", "tsx", join(root, "dev", "checkRegexps.ts")],
    mend: "Each is to be linear in its text, or of a text whose bound is named: dev/regexps says how that is proven.",
  },
  {
    name: "dead code",
    args: [bin("knip/bin/knip.js"), "--no-progress"],
    mend: "`npx knip --fix` takes unused exports away; files and packages are for you to remove.",
  },
  {
    name: "unit tests",
    args: [bin("vitest/vitest.mjs"), "run", "--project=unit"],
    mend: "`npx vitest --project unit` runs them again at each change.",
  },
];

const Cruise = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    violations: z.array(
      z.object({
        from: z.string(),
        to: z.string(),
        rule: z.object({ name: z.string() }),
      }),
    ),
  }),
});

/** With a TypeScript that it cannot read, dependency-cruiser finds nothing and is content. */
function missingRoom(output: string): string | null {
  const { modules, summary } = Cruise.parse(JSON.parse(output));
  if (summary.violations.length > 0) {
    return summary.violations
      .map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
      .join("\n");
  }
  const empty = [
    "domain",
    "ports",
    "pipeline",
    "delivery",
    "adapters",
    "triggers",
    "api",
  ]
    .map((room) => `functions/src/${room}/`)
    .concat("web/src/features/")
    .find((room) => !modules.some(({ source }) => source.startsWith(room)));
  return empty === undefined ? null : `It found no module in ${empty}.`;
}

for (const { name, args, mend, doubt } of checks) {
  const startedAt = Date.now();
  const { code, output } = await run(args);
  const problem = doubt?.(output) ?? null;
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  if (code === 0 && problem === null) {
    console.log(`${name}: fine (${seconds} s)`);
    continue;
  }
  console.error(problem ?? output);
  console.error(`\n${name}: not fine. ${mend}`);
  process.exit(1);
}

function run(
  args: readonly string[],
): Promise<{ readonly code: number; readonly output: string }> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => {
    child.once("close", (code) => {
      resolve({ code: code ?? 1, output });
    });
  });
}
