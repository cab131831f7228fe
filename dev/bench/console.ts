import { gzipSync } from "node:zlib";
import { deleteApp, initializeApp } from "firebase-admin/app";
import { type Firestore, getFirestore } from "firebase-admin/firestore";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { z } from "zod";
import { firestoreStore } from "../../functions/src/adapters/firestore/store.ts";
import * as at from "../../functions/src/domain/collections.ts";
import type { Unstamped } from "../../functions/src/domain/kernel/document.ts";
import {
  AccountId,
  OpportunityId,
  TenantId,
} from "../../functions/src/domain/kernel/ids.ts";
import type { InboxItem } from "../../functions/src/domain/cards/inbox.ts";
import { put } from "../../functions/src/ports/store.ts";
import { percentile } from "../../test/support/world.ts";
import { openConsole, startChromium } from "../chromium.ts";
import { demoPeople } from "../demoPeople.ts";
import type { SuiteFacts } from "../suiteFacts.ts";
import { type Figure, table } from "./report.ts";

const changes = 60;
const cards = 10_000;
const longTaskMs = 50;
const kilobyte = 1_000;

interface Probe {
  readonly db: Firestore;
  readonly tenantId: TenantId;
  readonly browser: Browser;
  readonly facts: SuiteFacts;
}

/** P2: from before a card is written to the moment that the open inbox shows it. */
export function measurePropagation(facts: SuiteFacts): Promise<Figure> {
  return probing(facts, async (probe) => {
    const page = await openConsole(probe.browser, facts, {
      person: demoPeople.admin,
    });
    await fill(probe, 20);
    await page.getByRole("row").first().waitFor();
    await page.evaluate(watchTitles);
    const took: number[] = [];
    for (let n = 0; n < changes; n++) {
      const title = `Change number ${n}.`;
      const begun = Date.now();
      await write(probe, 0, { title });
      const shown = z
        .number()
        .parse(await page.evaluate(`shownAt(${JSON.stringify(title)})`));
      took.push(shown - begun);
    }
    const p95 = percentile(took, 0.95);
    return {
      name: "P2",
      asked: "a change → on the open page: p95 ≤ 300 ms",
      came: `p95 ${p95} ms`,
      holds: p95 <= 300,
      details: [
        `${changes} changes of a card, one after the other, from before the write is sent to the moment that its text stands in the page of the inbox.`,
        table(
          ["p50", "p95", "most"],
          [
            [percentile(took, 0.5), p95, Math.max(...took)].map(
              (ms) => `${ms} ms`,
            ),
          ],
        ),
      ],
    };
  });
}

/** P7: what the browser loads until the inbox shows, and how long it is busy at a time while 10,000 cards are scrolled. */
export function measureConsole(facts: SuiteFacts): Promise<Figure> {
  return probing(facts, async (probe) => {
    await fill(probe, cards);
    const page = await openConsole(probe.browser, facts, {
      person: demoPeople.admin,
    });
    const loaded = await countBytes(page.context(), facts);
    const total = loaded.reduce((sum, { bytes }) => sum + bytes, 0);
    const { reached, tasks } = await scroll(page);
    const longest = Math.max(0, ...tasks);
    const kb = (bytes: number) => `${Math.round(bytes / kilobyte)} kB`;
    return {
      name: "P7",
      asked: `the console: ≤ 380 kB gzip until the inbox shows; ${cards.toLocaleString("en")} cards scroll without a task over ${longTaskMs} ms`,
      came: `${kb(total)}; ${tasks.length} such tasks${tasks.length > 0 ? `, the longest ${Math.round(longest)} ms` : ""}`,
      holds: total <= 380 * kilobyte && tasks.length === 0,
      details: [
        "What is loaded by a person who is signed in already and whose browser has kept nothing; what is compressed already (the font) as it is.",
        table(
          ["file", "gzip"],
          loaded
            .toSorted((a, b) => b.bytes - a.bytes)
            .slice(0, 12)
            .map(({ name, bytes }) => [name, kb(bytes)]),
        ),
        `Scrolled from the first to card ${reached.toLocaleString("en")}, 400 px a frame, each page of 100 read as it is reached.`,
      ],
    };
  });
}

async function probing<T>(
  facts: SuiteFacts,
  measure: (probe: Probe) => Promise<T>,
): Promise<T> {
  process.env["FIRESTORE_EMULATOR_HOST"] = facts.firestoreHost;
  const app = initializeApp({ projectId: facts.projectId }, "console");
  const browser = await startChromium();
  try {
    return await measure({
      db: getFirestore(app),
      tenantId: TenantId.parse(facts.tenantId),
      browser,
      facts,
    });
  } finally {
    await browser.close();
    await deleteApp(app);
  }
}

function anItem(n: number): Unstamped<InboxItem> {
  return {
    accountId: AccountId.parse("nvidia"),
    accountName: "NVIDIA",
    audience: [`u:${demoPeople.lead.uid}`],
    title: `Card number ${n}: a change in leadership that is worth a talk`,
    summary: `The board has appointed a new head of unit ${n}, as was said on Monday. All suppliers are to be looked at within ninety days.`,
    category: "leadership_change",
    sources: ["sec", "rss"],
    score: Math.round(10_000 - n) / 100,
    urgency: 50,
    status: "in_review",
    escalated: false,
    dueAt: new Date("2030-01-01T00:00:00Z"),
    undoUntil: null,
    snoozedUntil: null,
    claims: 3,
    version: 1,
    receivedAt: new Date("2026-01-01T00:00:00Z"),
  };
}

async function write(
  { db, tenantId }: Probe,
  n: number,
  changed: Partial<Unstamped<InboxItem>> = {},
): Promise<void> {
  const ref = at.inboxItem(tenantId, OpportunityId.parse(`bench_${n}`));
  await firestoreStore(db).commit(
    [put(ref, { ...anItem(n), ...changed })],
    new Date(),
  );
}

async function fill({ db, tenantId }: Probe, count: number): Promise<void> {
  const store = firestoreStore(db);
  for (let from = 0; from < count; from += 400) {
    await store.commit(
      Array.from({ length: Math.min(400, count - from) }, (_, i) =>
        put(
          at.inboxItem(tenantId, OpportunityId.parse(`bench_${from + i}`)),
          anItem(from + i),
        ),
      ),
      new Date(),
    );
  }
}

/** In the page: `shownAt(text)` resolves to when the text came to stand in it, in ms since 1970. */
const watchTitles = `
  window.shownAt = (text) => new Promise((resolve) => {
    const seen = () => document.body.innerText.includes(text);
    if (seen()) return resolve(Date.now());
    const watching = new MutationObserver(() => {
      if (!seen()) return;
      watching.disconnect();
      resolve(Date.now());
    });
    watching.observe(document.body, { subtree: true, childList: true, characterData: true });
  });`;

interface Loaded {
  readonly name: string;
  readonly bytes: number;
}

/** What the browser has asked for by the moment that the first card stands in the page. */
async function countBytes(
  context: BrowserContext,
  { apiUrl, tenantId }: SuiteFacts,
): Promise<readonly Loaded[]> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  await page.addInitScript(watchFirstCard);
  // What comes after the first card may be cut off by the closing of the page.
  const bodies = new Map<string, Promise<Buffer | null>>();
  page.on("response", (response) => {
    if (response.url().startsWith(apiUrl))
      bodies.set(
        response.url(),
        response.body().catch(() => null),
      );
  });
  await page.goto(`${apiUrl}/t/${tenantId}/inbox`);
  await page.getByRole("row").first().waitFor();
  const asked = z.array(z.string()).parse(await page.evaluate("asked()"));
  const loaded = await Promise.all(
    [page.url().split("?")[0] ?? "", ...asked].map(async (url) => {
      const body = await bodies.get(url);
      if (body == null) throw new Error(`${url} has no body.`);
      const { pathname } = new URL(url);
      return {
        name: pathname.replace(/-[\w-]{8}\./, "."),
        bytes: pathname.endsWith(".woff2")
          ? body.length
          : gzipSync(body).length,
      };
    }),
  );
  await page.close();
  return loaded;
}

/** In the page: `asked()` gives the addresses that were asked for before the first card stood in it. */
const watchFirstCard = `
  const firstCard = new Promise((resolve) => {
    new MutationObserver((_, watching) => {
      if (document.querySelector("[role=row]") === null) return;
      watching.disconnect();
      resolve(performance.now());
    }).observe(document, { subtree: true, childList: true });
  });
  window.asked = async () => {
    const at = await firstCard;
    return performance.getEntriesByType("resource")
      .filter(({ startTime, name }) => startTime <= at && name.startsWith(location.origin))
      .map(({ name }) => name);
  };`;

const Scrolled = z.object({ reached: z.number(), tasks: z.array(z.number()) });

/** Scrolls to the end of all cards, and gives every task that took longer than is smooth. */
async function scroll(page: Page): Promise<z.infer<typeof Scrolled>> {
  await page.getByRole("row").first().waitFor();
  await page.waitForTimeout(3_000);
  const scrolled: unknown = await page.evaluate(`(async () => {
    const list = document.querySelector("[role=grid]");
    const tasks = [];
    new PerformanceObserver((seen) => {
      for (const { duration } of seen.getEntries()) if (duration > ${longTaskMs}) tasks.push(duration);
    }).observe({ type: "longtask" });
    const frame = () => new Promise(requestAnimationFrame);
    let stuck = 0;
    for (let last = -1; stuck < 300; ) {
      list.scrollTop += 400;
      await frame();
      stuck = list.scrollTop === last ? stuck + 1 : 0;
      last = list.scrollTop;
    }
    return { reached: Math.round((list.scrollTop + list.clientHeight) / 76), tasks };
  })()`);
  return Scrolled.parse(scrolled);
}
