import { expect, test } from "vitest";
import { robots } from "../../../../functions/src/adapters/web/robots.ts";

test("a thousand sites are remembered, and the oldest makes room for the next", async () => {
  const asked: string[] = [];
  const mayAsk = robots("ClientPulse", () => new Date("2026-08-01T00:00:00Z"));
  const { signal } = new AbortController();
  const visit = (site: number) =>
    mayAsk(new URL(`https://site-${site}.example/`), {
      abortSignal: signal,
      ask: async (url) => {
        asked.push(url);
        return {
          status: 404,
          headers: new Headers(),
          body: new Uint8Array(),
          url,
        };
      },
    });
  for (let site = 0; site <= 1_000; site++) await visit(site);
  await visit(1_000);
  await visit(1);
  expect(asked).toHaveLength(1_001);
  await visit(0);
  expect(asked.at(-1)).toBe("https://site-0.example/robots.txt");
  expect(asked).toHaveLength(1_002);
});
