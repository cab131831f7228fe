import { load } from "./load.mjs";
import { stepCount } from "./protocol.ts";
import { connections, doStep, openRows } from "./rows.mjs";
import { serve } from "./serve.ts";

const { DBOS } = await load("@dbos-inc/dbos-sdk");

/** DBOS Transact: a workflow of seven steps, of each of which it keeps the result; a restart goes on behind the last. */
serve(async (opening, stepDone) => {
  const { url, pool, seed, ledger } = await openRows(opening);
  DBOS.setConfig({
    name: "bench",
    systemDatabaseUrl: url,
    systemDatabasePoolSize: connections,
    // What another version has begun is left alone.
    applicationVersion: "bench",
    logLevel: "error",
  });
  const seven = DBOS.registerWorkflow(
    async (workflow) => {
      for (let step = 0; step < stepCount; step++) {
        const work = async () => doStep(pool, workflow, step);
        await DBOS.runStep(work, { name: `step ${step}` });
        stepDone();
      }
    },
    { name: "seven" },
  );
  await DBOS.launch();
  return {
    seed,
    ledger,
    run: async (workflow) => {
      const begun = await DBOS.startWorkflow(seven, { workflowID: workflow })(
        workflow,
      );
      await begun.getResult();
    },
  };
});
