import { load } from "./load.mjs";
import { stepCount } from "./protocol.ts";
import { connections, doStep, openRows } from "./rows.mjs";
import { serve } from "./serve.ts";

const { Logger, makeWorkerUtils, run } = await load("graphile-worker");

/** As many jobs at once as there are workflows in the widest run. */
const concurrency = 64;

const logger = new Logger(() => () => undefined);

/** graphile-worker: each step a job, which adds the next one in the transaction of its work. */
serve(async (opening, stepDone) => {
  const { url, pool, seed, ledger } = await openRows(opening);
  const waiting = new Map();
  if (opening.again) await unlockAll(url, pool);
  const runner = await run({
    connectionString: url,
    maxPoolSize: connections,
    concurrency,
    noHandleSignals: true,
    logger,
    taskList: {
      step: async ({ workflow, step }, { withPgClient }) => {
        await withPgClient.withRetries(async (client) =>
          inTransaction(client, async () => {
            await doStep(client, workflow, step);
            if (step + 1 === stepCount) return;
            await client.query(
              "select graphile_worker.add_job('step', payload => $1::json)",
              [JSON.stringify({ workflow, step: step + 1 })],
            );
          }),
        );
        stepDone();
        if (step + 1 === stepCount) waiting.get(workflow)?.();
      },
    },
  });
  return {
    seed,
    ledger,
    run: async (workflow) => {
      const done = new Promise((resolve) => waiting.set(workflow, resolve));
      await runner.addJob("step", { workflow, step: 0 });
      await done;
      waiting.delete(workflow);
    },
  };
});

async function inTransaction(client, work) {
  await client.query("begin");
  try {
    await work();
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

/** It leaves what a dead worker has locked for four hours, unless it is told who is dead: here everybody. */
async function unlockAll(url, pool) {
  const utils = await makeWorkerUtils({ connectionString: url, logger });
  const { rows } = await pool.query(
    "select distinct locked_by from graphile_worker.jobs where locked_by is not null",
  );
  await utils.forceUnlockWorkers(rows.map((row) => row.locked_by));
  await utils.release();
}
