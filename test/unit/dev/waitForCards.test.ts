import { describe, expect, it } from "vitest";
import { waitForCards } from "../../../dev/waitForCards.ts";

interface Moment {
  readonly cards?: number;
  readonly underWay?: number;
  readonly ended?: number;
}

/** Plays what would be seen after each pause; the last moment lasts. */
async function play(momentAt: (pause: number) => Moment, interruptedAt = 1e6) {
  let paused = 0;
  const said: string[] = [];
  const now = () => momentAt(paused);
  const waited = await waitForCards(
    {
      cards: () => Array.from({ length: now().cards ?? 0 }),
      underWay: () => now().underWay ?? 0,
      ended: () => now().ended ?? 0,
    },
    {
      pause: async () => void paused++,
      say: (line) => said.push(line),
      isInterrupted: () => paused >= interruptedAt,
    },
  );
  return { waited, paused, said };
}

describe("waiting for the first cards", () => {
  it("ends soon after everything came at once", async () => {
    const { waited, paused } = await play(() => ({ cards: 3, ended: 9 }));
    expect({ waited, paused }).toEqual({ waited: "ready", paused: 2 });
  });

  it("goes on as long as work ends, however slow the machine, and says what it waits for", async () => {
    const { waited, paused, said } = await play((pause) =>
      pause < 3_000
        ? { underWay: 12, ended: Math.floor(pause / 250), cards: 0 }
        : { cards: 5, ended: 40 },
    );
    expect(waited).toBe("ready");
    expect(paused).toBe(3_001);
    expect(said).toHaveLength(300);
    expect(said[0]).toContain("12 pieces of work under way");
  });

  it("goes on to the last of the work when the first cards are there", async () => {
    const { waited, paused } = await play((pause) =>
      pause < 500 ? { cards: 1, underWay: 1, ended: pause } : { cards: 4 },
    );
    expect(waited).toBe("ready");
    expect(paused).toBeGreaterThan(500);
  });

  it("does not take the moment before the first work is seen for its end", async () => {
    const { waited, said } = await play((pause) =>
      pause < 20
        ? {}
        : pause < 60
          ? { underWay: 2, ended: pause }
          : { cards: 1, ended: 60 },
    );
    expect(waited).toBe("ready");
    expect(said[0]).toBe("waiting for the first work");
  });

  it("ends where nothing comes, or all of it is parked", async () => {
    expect((await play(() => ({}))).waited).toBe("no-card");
    const parked = await play((pause) =>
      pause < 5 ? { underWay: 6 } : { ended: 6 },
    );
    expect(parked.waited).toBe("no-card");
  });

  it("ends where the work stands still", async () => {
    const { waited, paused } = await play(() => ({ underWay: 3, ended: 1 }));
    expect({ waited, paused }).toEqual({ waited: "stuck", paused: 300 });
  });

  it("ends when it is interrupted", async () => {
    const { waited } = await play(() => ({ underWay: 3 }), 4);
    expect(waited).toBe("interrupted");
  });
});
