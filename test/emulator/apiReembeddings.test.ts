import { expect, it } from "vitest";
import { z } from "zod";
import * as at from "../../functions/src/domain/collections.ts";
import { MessageId, SignalId } from "../../functions/src/domain/kernel/ids.ts";
import { create } from "../../functions/src/ports/store.ts";
import { stageFor } from "../../functions/src/pipeline/index.ts";
import { deliver } from "../../functions/src/delivery/deliver.ts";
import { archive } from "../../functions/src/pipeline/snapshots.ts";
import { acme, bodyOf, problemOf, sharedApi } from "../support/api.ts";
import { aSource } from "../support/briefs.ts";
import { all } from "../support/stories.ts";

const route = "/api/v1/reembeddings";
const Started = z.object({
  id: z.string(),
  model: z.string(),
  links: z.object({ self: z.string() }),
});
const Progress = z.object({
  signals: z.object({ total: z.int(), embedded: z.int() }),
  pages: z.object({ open: z.int(), done: z.int(), parked: z.int() }),
  finished: z.boolean(),
});

const api = await sharedApi();
const count = 3;
await api.write(
  Array.from({ length: count }, (_, n) => {
    const text = `Globex opens plant number ${n}. It will make turbines.`;
    const origin = { url: null, licence: "CC0", fetchedAt: new Date(0) };
    const kept = archive(acme, { text, sections: [] }, origin);
    if (kept === null) throw new Error("The text is too large.");
    const { data } = aSource(text, {
      embeddedWith: "a-model-before/1",
      snapshotId: kept.id,
    });
    const ref = at.signal(acme, SignalId.parse(`globex_${n}`));
    return [...kept.writes, create(ref, data)];
  }).flat(),
);

const start = (person = "ada") => api.as(person, route, { method: "POST" });
const progressOf = async (self: string) =>
  bodyOf(await api.as("ada", self), 200, Progress);

it("is begun by administrators alone", async () => {
  for (const person of ["anna", "lea", "otto", "vera", "ina"]) {
    problemOf(await start(person), 403);
    problemOf(await api.as(person, `${route}/any`), 403);
  }
  expect(await all(api, at.messages(acme))).toEqual([]);
  problemOf(await api.as("ada", `${route}/any`), 404);
});

it("embeds every signal with today's model, once at a time, and tells how far it is", async () => {
  const { model } = api.deps.embedder;
  const started = bodyOf(await start(), 202, Started);
  expect(started.model).toBe(model);
  const entries = (await api.audit()).filter(
    ({ entity }) => entity.kind === "reembedding",
  );
  expect(entries).toMatchObject([
    { action: "CREATE", actor: "ada", after: { model } },
  ]);
  expect(await progressOf(started.links.self)).toEqual({
    signals: { total: count, embedded: 0 },
    pages: { open: 1, done: 0, parked: 0 },
    finished: false,
  });
  const again = problemOf(await start(), 409);
  expect(again.current).toEqual({ id: started.id, state: "open" });

  let open = 1;
  for (let round = 0; round < 5 && open > 0; round++) {
    for (const { id, data } of await all(api, at.messages(acme)))
      if (data.state === "open")
        await deliver(
          { tenantId: acme, messageId: MessageId.parse(id) },
          { stageFor },
          api.deps,
        );
    ({ open } = (await progressOf(started.links.self)).pages);
  }
  expect(await progressOf(started.links.self)).toEqual({
    signals: { total: count, embedded: count },
    pages: { open: 0, done: 2, parked: 0 },
    finished: true,
  });
  const next = bodyOf(await start(), 202, Started);
  expect(next.id).not.toBe(started.id);
});
