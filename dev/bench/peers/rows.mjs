import { load } from "./load.mjs";
import { rowText, toEffectId, toItemId, toRowIds } from "./protocol.ts";

const { default: pg } = await load("pg");

/** As many connections as a peer may use for the work, and once more for itself. */
export const connections = 20;

/**
 * The rows of a database in PostgreSQL, which the first worker creates.
 * @param {import("./protocol.ts").Opening} opening
 */
export async function openRows({ postgresUrl, database, again }) {
  if (!again) await createDatabase(postgresUrl, database);
  const url = `${postgresUrl}/${database}`;
  const pool = new pg.Pool({ connectionString: url, max: connections });
  if (!again)
    await pool.query(
      "create table rows (id text primary key, count int not null, text text not null)",
    );
  return {
    url,
    pool,
    /** @param {readonly string[]} workflows */
    seed: async (workflows) => {
      await pool.query(
        "insert into rows select id, 0, $2 from unnest($1::text[]) as id",
        [workflows.flatMap(toRowIds), rowText],
      );
    },
    ledger: async () => {
      const { rows } = await pool.query(
        "select count(*)::int as applied, (count(*) filter (where count > 1))::int as doubled from rows where count > 0",
      );
      return rows[0];
    },
  };
}

/**
 * The work of one step, over a pool or within a transaction: reads two rows and raises the count of one.
 * @param {{ query: (query: object) => Promise<{ rows: readonly unknown[] }> }} client
 * @param {string} workflow
 * @param {number} step
 */
export async function doStep(client, workflow, step) {
  const effect = toEffectId(workflow, step);
  const { rows } = await client.query({
    name: "read",
    text: "select id, count, text from rows where id = any($1)",
    values: [[toItemId(workflow), effect]],
  });
  if (rows.length !== 2) throw new Error(`${workflow} has no rows.`);
  await client.query({
    name: "write",
    text: "update rows set count = count + 1 where id = $1",
    values: [effect],
  });
}

async function createDatabase(postgresUrl, database) {
  const client = new pg.Client({ connectionString: `${postgresUrl}/postgres` });
  await client.connect();
  await client.query(`create database "${database}"`);
  await client.end();
}
