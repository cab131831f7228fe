// Runs as one function's process does, told which by FUNCTION_TARGET: loads the bundle, builds what the function works
// with and, where a topic is named, works on its open messages. Plain JavaScript, so that nothing else is loaded.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [bundle, topic, concurrency = "1"] = process.argv.slice(2);
const require = createRequire(import.meta.url);

const begun = process.cpuUsage();
const functions = require(bundle);
const loadMs = cpuMs();
const deps = await functions.dependencies();
const readyMs = cpuMs();
const loaded = {
  loadMs,
  readyMs,
  rssMb: rssMb(),
  // Modules of packages that stayed outside the bundle, and those of within it that ran, where the build notes it.
  files: Object.keys(require.cache),
  bundled: [...(globalThis.bundledPackages ?? [])],
};
const runs = topic === undefined ? 0 : await workOff(topic);
console.log(JSON.stringify({ ...loaded, runs, workedRssMb: rssMb() }));
process.exit(0);

async function workOff(wanted) {
  const { store } = deps;
  const quiet = { ...deps, doorbell: { ring: async () => undefined } };
  const seen = new Set();
  for (;;) {
    const open = await functions.openMessages(store, wanted);
    const fresh = open.filter(({ messageId }) => !seen.has(messageId));
    if (fresh.length === 0) return seen.size;
    for (const { messageId } of fresh) seen.add(messageId);
    const worker = async () => {
      for (let next = fresh.pop(); next !== undefined; next = fresh.pop())
        await functions.deliver(next, { stageFor: functions.stageFor }, quiet);
    };
    await Promise.all(Array.from({ length: Number(concurrency) }, worker));
  }
}

/** CPU of all threads since the start, in ms: what a cold start costs on one core. */
function cpuMs() {
  const { user, system } = process.cpuUsage(begun);
  return Math.round((user + system) / 1000);
}

/** The most memory that the process ever held, in MB. Where the system tells it: what getrusage says begins with the parent's. */
function rssMb() {
  const status = "/proc/self/status";
  const told = existsSync(status)
    ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, "utf8"))?.[1]
    : undefined;
  return Math.round(Number(told ?? process.resourceUsage().maxRSS) / 1024);
}
