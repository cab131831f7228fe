import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { openConsole, startChromium } from "../../dev/chromium.ts";
import { demoPeople } from "../../dev/demoPeople.ts";
import { inviteToDemo, signUp } from "../../dev/newcomer.ts";
import { newAddress } from "../support/newcomers.ts";
import { openSuite } from "../support/suite.ts";
import { handInAndWait } from "../support/tips.ts";

const suite = openSuite();
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const email = newAddress("nina");
let browser: Browser;

const Found = z.array(
  z.object({
    id: z.string(),
    nodes: z.array(z.object({ html: z.string(), failureSummary: z.string() })),
  }),
);

/** Every page, and what tells that its content is there. */
const pages = [
  { name: "inbox", path: "/inbox", shows: "[role=row]" },
  { name: "accounts", path: "/accounts", shows: "text=NVIDIA" },
  { name: "account", path: "/accounts/nvidia", shows: "h1" },
  { name: "dashboard", path: "/dashboard", shows: "h1" },
  { name: "messages", path: "/operations?tab=messages", shows: "h1" },
  { name: "runs", path: "/operations?tab=runs", shows: "h1" },
  { name: "why", path: "/operations?tab=why", shows: "h1" },
  { name: "sources", path: "/operations?tab=sources", shows: "h1" },
  { name: "unassigned", path: "/operations?tab=unassigned", shows: "h1" },
  { name: "members", path: "/members", shows: "table" },
] as const;

const windows = [
  { width: 1440, height: 900, colorScheme: "light" },
  { width: 1440, height: 900, colorScheme: "dark" },
  { width: 390, height: 844, colorScheme: "light" },
  { width: 390, height: 844, colorScheme: "dark" },
] as const;

beforeAll(async () => {
  browser = await startChromium();
  await handInAndWait(suite);
  await inviteToDemo(suite.facts, { email, name: "Nina New" });
});
afterAll(async () => {
  await browser.close();
  await suite.close();
});

describe.each(windows)(
  "at $width × $height, $colorScheme, axe finds nothing against WCAG 2.2 AA",
  ({ width, height, colorScheme }) => {
    it("on any page", async () => {
      const context = {
        viewport: { width, height },
        colorScheme,
        reducedMotion: "reduce",
        bypassCSP: true,
      } as const;
      const problems: unknown[] = [];
      const look = async (page: Page, name: string) => {
        await page.addScriptTag({ path: axe });
        const found = Found.parse(
          await page.evaluate(
            `axe.run({ runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa"] }).then((r) => r.violations)`,
          ),
        );
        problems.push(
          ...found.flatMap(({ id, nodes }) =>
            nodes.map(({ html, failureSummary }) => ({
              name,
              id,
              html: html.slice(0, 200),
              why: failureSummary.slice(0, 300),
            })),
          ),
        );
      };
      const stranger = await browser.newContext({ locale: "en", ...context });
      const signIn = await stranger.newPage();
      await signIn.goto(suite.facts.apiUrl);
      await signIn.getByText("Ada Admin").waitFor();
      await look(signIn, "sign-in");
      await stranger.close();

      const invited = await signUp(browser, suite.facts, { email, ...context });
      await invited.getByRole("button", { name: /^Decline / }).click();
      await invited.getByText("Decline for good?").waitFor();
      await look(invited, "invitations");
      await invited.context().close();

      const page = await openConsole(browser, suite.facts, {
        person: demoPeople.admin,
        ...context,
      });
      const base = new URL(page.url()).pathname.replace(/\/inbox$/, "");
      for (const { name, path, shows } of pages) {
        await page.goto(`${suite.facts.apiUrl}${base}${path}`);
        await page.locator(shows).first().waitFor({ timeout: 60_000 });
        await page.waitForTimeout(700);
        await look(page, name);
      }
      await page.goto(`${suite.facts.apiUrl}${base}/members`);
      await page.getByRole("button", { name: /^End membership: Vera/ }).click();
      await page.getByText("It ends at once").waitFor();
      await look(page, "end of a membership");
      await page.goto(`${suite.facts.apiUrl}${base}/inbox?status=all`);
      await page.getByRole("row").first().click();
      await page.getByRole("article").locator("mark").first().waitFor();
      await look(page, "opportunity");
      expect(problems).toEqual([]);
      await page.context().close();
    });
  },
);
