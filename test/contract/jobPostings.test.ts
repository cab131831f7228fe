import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startReplay, type Replay } from "../../dev/standins/replay.ts";
import { never, amplitude, greenhouseAt, answers } from "../support/sources.ts";

let replay: Replay;
beforeAll(async () => {
  replay = await startReplay({ port: 0, recordingsDir: null });
});
afterAll(async () => {
  await replay.close();
});

describe("job postings", () => {
  const path = "/boards-api.greenhouse.io/v1/boards/amplitude/jobs";
  const job = (id: number, updated_at: string) => ({
    id,
    title: `Job ${id}`,
    absolute_url: `https://x.example/${id}`,
    updated_at,
  });

  test("are found with their place and read with their content", async () => {
    const connector = greenhouseAt(replay.url);
    const { items } = await connector.look(amplitude, null, never);
    const item = items[1];
    expect(item).toMatchObject({
      itemId: "amplitude/9900002002",
      title:
        "Amplitude is hiring: Regional Sales Director, DACH (Munich, Germany)",
      revision: "2026-07-28T08:50:01-04:00",
      facts: {
        board: "amplitude",
        jobId: "9900002002",
        location: "Munich, Germany",
      },
    });
    if (item === undefined) throw new Error("the posting is missing");
    const body = new TextDecoder().decode(
      (await connector.fetch(item, amplitude, never))?.body,
    );
    expect(body).toContain("<p>Department: Sales</p>");
    expect(body).toContain("<p>We are opening an office in Munich");
  });

  test("are found again when they change, and only those", async () => {
    const [june, july] = [
      "2026-06-01T09:00:00-04:00",
      "2026-07-01T09:00:00-04:00",
    ];
    const first = await answers({
      [path]: JSON.stringify({ jobs: [job(1, june), job(2, june)] }),
    });
    const { cursor } = await greenhouseAt(first).look(amplitude, null, never);
    const later = await answers({
      [path]: JSON.stringify({
        jobs: [job(3, june), job(2, july), job(1, june)],
      }),
    });
    const { items } = await greenhouseAt(later).look(amplitude, cursor, never);
    expect(items.map((item) => item.facts["jobId"])).toEqual(["3", "2"]);
  });

  test("are found beside one that cannot be read", async () => {
    const list = {
      jobs: [{ id: 7 }, job(1, "2026-06-01T09:00:00Z"), { ...job(2, "soon") }],
    };
    const { items } = await greenhouseAt(
      await answers({ [path]: JSON.stringify(list) }),
    ).look(amplitude, null, never);
    expect(items.map((item) => item.facts["jobId"])).toEqual(["1"]);
  });
});
