import { load } from "./load.mjs";
import { stepCount } from "./protocol.ts";
import { doStep, openRows } from "./rows.mjs";
import { serve } from "./serve.ts";

const restate = await load("@restatedev/restate-sdk");

// Its SDK needs what Node has from 22 on.
Promise.withResolvers ??= function withResolvers() {
  const made = {};
  made.promise = new this((resolve, reject) => {
    Object.assign(made, { resolve, reject });
  });
  return made;
};

/** Restate: a handler of seven `ctx.run`, of each of which its server keeps the result; the rows are in PostgreSQL. */
serve(async (opening, stepDone) => {
  const { pool, seed, ledger } = await openRows(opening);
  const { ingressUrl, adminUrl, workerPort } = opening.restate;
  const seven = restate.service({
    name: "seven",
    handlers: {
      run: async (context, workflow) => {
        for (let step = 0; step < stepCount; step++) {
          const work = async () => doStep(pool, workflow, step);
          await context.run(`step ${step}`, work);
          stepDone();
        }
      },
    },
  });
  await restate
    .endpoint()
    .bind(seven)
    .setLogger(() => undefined)
    .listen(workerPort);
  if (!opening.again)
    await post(`${adminUrl}/deployments`, {
      uri: `http://127.0.0.1:${workerPort}`,
      force: true,
    });
  return {
    seed,
    ledger,
    run: async (workflow) => post(`${ingressUrl}/seven/run`, workflow),
  };
});

async function post(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text}`);
}
