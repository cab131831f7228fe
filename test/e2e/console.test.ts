import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  openConsole,
  policyViolations,
  startChromium,
} from "../../dev/chromium.ts";
import { demoPeople } from "../../dev/demoPeople.ts";
import { openSuite } from "../support/suite.ts";
import { handIn } from "../support/tips.ts";

const suite = openSuite();
let browser: Browser;
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };

beforeAll(async () => {
  browser = await startChromium();
});
afterAll(async () => {
  await browser.close();
  await suite.close();
});

const tip = () => handIn(suite);

const rowOf = (page: Page, name: string) =>
  page.getByRole("row", { name: new RegExp(name) });

const reader = (page: Page) => page.getByRole("article");

describe("the console", () => {
  it("shows a signal's card in the open inbox without a reload, and both CRMs turn green after one key", async () => {
    const page = await openConsole(browser, suite.facts, {
      person: demoPeople.lead,
    });
    await page.evaluate("window.neverReloaded = true");
    const name = await tip();
    await rowOf(page, name).click({ timeout: 60_000 });
    await expect
      .poll(() => reader(page).getByRole("heading", { level: 2 }).textContent())
      .toContain(name);

    await page.keyboard.press("a");
    await page.getByText(/^Approved: /).waitFor();
    await page.getByRole("tab", { name: /^All/ }).click();
    await rowOf(page, name).click();
    for (const crm of ["salesforce", "hubspot"]) {
      await reader(page)
        .locator(`[data-crm=${crm}][data-state=done]`)
        .waitFor({ timeout: 90_000 });
    }
    await rowOf(page, name)
      .getByText("In the CRM")
      .waitFor({ timeout: 30_000 });
    expect(await page.evaluate("window.neverReloaded")).toBe(true);
    await page.context().close();
  });

  it("takes back what was approved on a card's own page, within its ten seconds, and nothing is written", async () => {
    const page = await openConsole(browser, suite.facts, {
      person: demoPeople.lead,
    });
    const name = await tip();
    await rowOf(page, name).click({ timeout: 60_000 });
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/opportunities\//);
    await reader(page).locator("mark").first().waitFor();
    await page.keyboard.press("a");
    await page
      .getByRole("button", { name: /^Take back/ })
      .first()
      .click();
    await reader(page)
      .getByRole("button", { name: "Approve" })
      .waitFor({ timeout: 30_000 });
    const { salesforce } = await suite.ledgers();
    expect(salesforce.filter(({ subject }) => subject.includes(name))).toEqual(
      [],
    );
    await page.context().close();
  });

  it("shows whoever decides second how the card stands now, and no error page", async () => {
    const first = await openConsole(browser, suite.facts, {
      person: demoPeople.lead,
    });
    const second = await openConsole(browser, suite.facts, {
      person: demoPeople.admin,
    });
    const name = await tip();
    await rowOf(first, name).click({ timeout: 60_000 });
    await rowOf(second, name).click({ timeout: 60_000 });
    await reader(second).getByText(name).first().waitFor();
    // The second has decided already when the first's decision gets through.
    await second.route("**/approve", async (route) => {
      await first.keyboard.press("r");
      await first.getByRole("radio", { name: "Old news" }).check();
      await first
        .getByRole("dialog")
        .getByRole("button", { name: "Reject" })
        .click();
      await first.getByText(/^Rejected: /).waitFor();
      await route.continue();
    });
    await second.keyboard.press("a");
    await second
      .getByText(/Somebody was faster: the card is already “Rejected”/)
      .waitFor({ timeout: 60_000 });
    await second.getByRole("tab", { name: /^Rejected/ }).click();
    await rowOf(second, name).click();
    const reopen = reader(second).getByRole("button", { name: "Reopen" });
    await expect.poll(() => reopen.count()).toBe(1);
    await first.context().close();
    await second.context().close();
  });

  it("rejects what was selected by key with one reason for all, and says what became of each", async () => {
    const page = await openConsole(browser, suite.facts, {
      person: demoPeople.lead,
    });
    const names = [await tip(), await tip()];
    for (const name of names) {
      await rowOf(page, name).click({ timeout: 60_000 });
      await page.keyboard.press("x");
    }
    await page.getByText("2 selected").waitFor();
    await page.keyboard.press("r");
    await page.getByRole("radio", { name: "Not relevant" }).check();
    await page.getByRole("button", { name: "Reject 2 cards" }).click();
    await page.getByText("2 cards done.").waitFor({ timeout: 30_000 });
    await page
      .getByRole("dialog")
      .getByRole("button", { name: "Close" })
      .last()
      .click();
    for (const name of names)
      await expect.poll(() => rowOf(page, name).count()).toBe(0);
    await page.context().close();
  });

  it("offers a viewer nothing that they may not do, and the API refuses it all the same", async () => {
    const page = await openConsole(browser, suite.facts, {
      person: demoPeople.viewer,
    });
    const name = await tip();
    await rowOf(page, name).click({ timeout: 60_000 });
    await reader(page).getByText(name).first().waitFor();
    await reader(page).locator("mark").first().waitFor();
    for (const offered of [
      "Approve",
      "Reject",
      "Refine",
      "Snooze",
      "Edit",
      "Send",
    ])
      expect([
        offered,
        await page.getByRole("button", { name: offered }).count(),
      ]).toEqual([offered, 0]);
    expect(await page.getByRole("checkbox").count()).toBe(0);
    await page.keyboard.press("a");
    expect(await page.getByText(/^Approved: /).count()).toBe(0);
    const id = new URL(page.url()).searchParams.get("card");
    const refused = await suite.ask(
      "viewer",
      `/api/v1/opportunities/${id}/approve`,
      { version: 1 },
    );
    expect(refused.status).toBe(403);
    await page.context().close();
  });

  it("works on a phone: a card comes, is opened, approved, and written", async () => {
    const page = await openConsole(browser, suite.facts, {
      person: demoPeople.lead,
      ...phone,
    });
    const name = await tip();
    await rowOf(page, name).tap({ timeout: 60_000 });
    await page.waitForURL(/\/opportunities\//);
    await reader(page).locator("mark").first().waitFor();
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
      .toBeLessThanOrEqual(390);
    await page.getByRole("button", { name: "Approve" }).tap();
    for (const crm of ["salesforce", "hubspot"]) {
      await page
        .locator(`[data-crm=${crm}][data-state=done]`)
        .waitFor({ timeout: 90_000 });
    }
    await page.context().close();
  });

  it("speaks Ukrainian when asked, and remembers it", async () => {
    const page = await openConsole(browser, suite.facts, {
      person: demoPeople.manager,
    });
    await page.getByRole("button", { name: /^You: / }).click();
    await page.getByRole("menuitem", { name: "Українська" }).click();
    await page.getByRole("heading", { name: "Вхідні" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Вхідні" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("uk");
    await page.context().close();
  });

  it("has done nothing that its Content-Security-Policy forbids, and is served with it", async () => {
    const { apiUrl } = suite.facts;
    const page = await fetch(apiUrl);
    const policy = page.headers.get("content-security-policy");
    expect(policy).toMatch(/^default-src 'none'; script-src 'self' /);
    expect(policy).toContain("frame-ancestors 'none'");
    const reader = await fetch(`${apiUrl}/docs/`);
    expect(reader.headers.get("content-security-policy")).not.toContain(
      "apis.google.com",
    );
    const absent = await fetch(`${apiUrl}/assets/absent-0123.js`);
    expect(absent.status).toBe(404);
    expect(absent.headers.get("cache-control")).not.toMatch(/max-age=[1-9]/);
    expect(policyViolations).toEqual([]);
  });
});
