import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { monitor, signIn } from "./api.ts";
import { openConsole, startChromium } from "./chromium.ts";
import { demoPeople } from "./demoPeople.ts";
import { demoAccounts } from "./demoTenant.ts";
import { readEnvironment } from "./environment.ts";
import { cacheFolder, root } from "./places.ts";
import { inviteToDemo, signUp } from "./newcomer.ts";
import { freePorts } from "./ports.ts";
import { watchProgress } from "./progress.ts";
import { startSuite, type Suite } from "./suite.ts";

const folder = join(root, "web/screenshots");

/** Every page, and what tells that its content is there. */
const pages = [
  { name: "inbox", path: "/inbox", shows: "article mark" },
  { name: "accounts", path: "/accounts", shows: "text=NVIDIA" },
  { name: "account", path: "/accounts/nvidia", shows: "text=NVIDIA" },
  { name: "dashboard", path: "/dashboard", shows: "text=By account" },
  { name: "operations", path: "/operations?tab=messages", shows: "h1" },
  { name: "why", path: "/operations?tab=why", shows: "h1" },
  { name: "sources", path: "/operations?tab=sources", shows: "h1" },
  { name: "unassigned", path: "/operations?tab=unassigned", shows: "h1" },
  { name: "members", path: "/members", shows: "table" },
] as const;

/** Who is invited, and has not answered. */
const newcomer = { email: "nina@people.example", name: "Nina New" };

const windows = [
  { name: "wide", viewport: { width: 1440, height: 900 } },
  { name: "narrow", viewport: { width: 390, height: 844 } },
] as const;

/** Who looks at the dashboard first starts its count, and no two start in one minute. */
const firstCountMs = 90_000;

/** Takes a picture of every page of the console, wide and narrow, light and dark, over a suite of its own with the demo's first look. */
async function main(): Promise<void> {
  const suite = await startSuite({
    projectId: "demo-clientpulse",
    ports: await freePorts(),
    folder: join(cacheFolder, "screenshots"),
    env: await readEnvironment(),
    demo: "written",
    tickMs: 3_000,
    unwanted: new AbortController().signal,
    onPhase: () => undefined,
  });
  const browser = await startChromium();
  try {
    await lookAround(suite);
    await inviteToDemo(suite, newcomer);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    for (const { name, viewport } of windows)
      for (const colorScheme of ["light", "dark"] as const)
        await takeAll(suite, browser, { name, viewport, colorScheme });
  } finally {
    await browser.close();
    await suite.stop();
  }
}

async function lookAround(suite: Suite): Promise<void> {
  const token = await signIn(suite, demoPeople.lead);
  const ids = Object.entries(demoAccounts)
    .filter(([, { onlyWhenAsked }]) => suite.allSources || !onlyWhenAsked)
    .map(([id]) => id);
  const progress = watchProgress(suite, () => undefined);
  for (const id of ids) await monitor(suite, token, id);
  for (let quiet = 0; quiet < 3;) {
    await delay(1_000);
    quiet =
      progress.cards().length > 0 && progress.underWay() === 0 ? quiet + 1 : 0;
  }
  await progress.close();
}

async function takeAll(
  suite: Suite,
  browser: Browser,
  window: {
    readonly name: string;
    readonly viewport: { readonly width: number; readonly height: number };
    readonly colorScheme: "light" | "dark";
  },
): Promise<void> {
  const { name: size, ...seen } = window;
  const context = {
    reducedMotion: "reduce",
    timezoneId: "UTC",
    ...seen,
  } as const;
  const take = async (page: Page, name: string) => {
    await settle(page);
    const file = `${name}-${size}-${window.colorScheme}.png`;
    await page.screenshot({ path: join(folder, file) });
    console.log(file);
  };
  await takeOutside(suite, browser, { context, take });
  const person = demoPeople.admin;
  const page = await openConsole(browser, suite, { person, ...context });
  const base = `${suite.apiUrl}/t/${suite.tenantId}`;
  for (const { name, path, shows } of pages) {
    await page.goto(`${base}${path}`);
    const shown = size === "narrow" && name === "inbox" ? "[role=row]" : shows;
    await page.locator(shown).first().waitFor({ timeout: firstCountMs });
    await take(page, name);
  }
  await page.goto(`${base}/inbox`);
  await page.getByRole("row").first().click();
  if (size === "wide") await page.keyboard.press("Enter");
  await page.waitForURL(/\/opportunities\//);
  await page.locator("article mark").first().waitFor();
  await take(page, "opportunity");
  await page.context().close();
}

/** The pages of those who are in no tenant yet. */
async function takeOutside(
  suite: Suite,
  browser: Browser,
  {
    context,
    take,
  }: {
    readonly context: BrowserContextOptions;
    readonly take: (page: Page, name: string) => Promise<void>;
  },
): Promise<void> {
  const stranger = await browser.newContext({ locale: "en", ...context });
  const signIn = await stranger.newPage();
  await signIn.goto(suite.apiUrl);
  await signIn.getByText("Ada Admin").waitFor();
  await take(signIn, "sign-in");
  await stranger.close();
  const { email } = newcomer;
  const page = await signUp(browser, suite, { email, ...context });
  await page.getByRole("button", { name: /^Join / }).waitFor();
  await take(page, "invitations");
  await page.context().close();
}

/** Until nothing moves on the page any more, or not for long. */
async function settle(page: Page): Promise<void> {
  await page
    .waitForFunction(
      "document.querySelectorAll('[role=status][aria-label], .mantine-Skeleton-root').length === 0",
      undefined,
      { timeout: 15_000 },
    )
    .catch(() => undefined);
  await page.waitForTimeout(1_200);
}

await main();
process.exit(0);
