// The way in of every `npm run` that needs packages: plain JavaScript without one, since none may be there yet.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, "node_modules", ".clientpulse-install");
const oldestNode = [20, 12];

const [program = "start", ...rest] = process.argv.slice(2);
const [major, minor] = process.versions.node.split(".").map(Number);
if (
  major < oldestNode[0] ||
  (major === oldestNode[0] && minor < oldestNode[1])
) {
  console.error(
    `ClientPulse needs Node ${oldestNode.join(".")} or newer, and this is ${process.version}: see https://nodejs.org.`,
  );
  process.exit(1);
}
await install();
const script = join(root, "dev", `${program}.ts`);
process.exit(await run(["--import", "tsx", script, ...rest]));

/** `npm ci`, or `npm install` where that finds the lock file wanting, unless what is installed is what package-lock.json asks for. */
async function install() {
  const wanted = readFileSync(join(root, "package-lock.json"));
  const hash = createHash("sha256").update(wanted).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  if (!isInstalled(JSON.parse(wanted.toString()))) {
    const startedAt = Date.now();
    console.log("Installing dependencies (npm ci) ...");
    const quietly = [
      "--prefer-offline",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ];
    const clean = await run([npm(), "ci", ...quietly]);
    if (clean !== 0) {
      console.log("npm ci did not work; trying npm install ...");
      const code = await run([npm(), "install", "--no-save", ...quietly]);
      if (code !== 0) process.exit(code);
    }
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    console.log(`Dependencies installed in ${seconds} s.`);
  }
  writeFileSync(stamp, hash);
}

/** Whether npm's own note of what it installed agrees with the lock file, package by package. */
function isInstalled(lock) {
  const note = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(note)) return false;
  const installed = JSON.parse(readFileSync(note, "utf8")).packages;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (!path.includes("node_modules/") || wanted.link) return true;
    const found = installed[path];
    if (found === undefined) return wanted.optional === true;
    return found.version === wanted.version;
  });
}

/** The npm that runs this, or the one beside this Node. */
function npm() {
  const running = process.env["npm_execpath"];
  if (running?.endsWith("npm-cli.js") && existsSync(running)) return running;
  const bin = dirname(process.execPath);
  const found = [
    join(bin, "node_modules", "npm", "bin", "npm-cli.js"),
    join(bin, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
    "/usr/share/nodejs/npm/bin/npm-cli.js",
  ].find((file) => existsSync(file));
  if (found !== undefined) return found;
  console.error("npm was not found: run this through npm, as `npm start`.");
  process.exit(1);
}

/** Runs Node on a script, hands it the signals that come here, and returns its exit code. */
function run(args) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: "inherit",
    // Google's clients need not look whether this is one of Google's machines.
    env: { ...process.env, METADATA_SERVER_DETECTION: "none" },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // A terminal's Ctrl-C reaches the child by itself; a second copy is harmless there.
      child.kill(signal);
    });
  }
  return new Promise((resolve) => {
    child.on("exit", (code, signal) => {
      resolve(code ?? (signal === "SIGINT" ? 0 : 1));
    });
  });
}
