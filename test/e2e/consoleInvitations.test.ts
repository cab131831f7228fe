import { randomUUID } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { openConsole, startChromium } from "../../dev/chromium.ts";
import { demoPeople } from "../../dev/demoPeople.ts";
import { openSuite } from "../support/suite.ts";

const suite = openSuite();
let browser: Browser;

const Codes = z.object({
  oobCodes: z.array(z.object({ email: z.string(), oobLink: z.url() })),
});

beforeAll(async () => {
  browser = await startChromium();
});
afterAll(async () => {
  await browser.close();
  await suite.close();
});

/** Opens the console at the invitations as somebody who was never here, and signs in by the link that is mailed to them. */
async function signUp(email: string): Promise<Page> {
  const context = await browser.newContext({ locale: "en" });
  const page = await context.newPage();
  await page.goto(`${suite.facts.apiUrl}/invitations`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "E-mail me a sign-in link" }).click();
  await page.getByText("is on its way").waitFor();
  const { authHost, projectId } = suite.facts;
  const answer = await fetch(
    `http://${authHost}/emulator/v1/projects/${projectId}/oobCodes`,
  );
  const { oobCodes } = Codes.parse(await answer.json());
  const mail = oobCodes.findLast((code) => code.email === email);
  await page.goto(mail?.oobLink ?? "");
  return page;
}

it("leads somebody new from an invitation, by a proven address, into the tenant", async () => {
  const email = `nina-${randomUUID().slice(0, 8)}@people.example`;
  const admin = await openConsole(browser, suite.facts, {
    person: demoPeople.admin,
  });
  await admin.getByRole("link", { name: "Members" }).click();
  const invite = admin.getByRole("button", { name: "Invite", exact: true });
  await invite.click();
  const dialog = admin.getByRole("dialog");
  await dialog.getByLabel("E-mail").fill(email);
  await dialog.getByLabel("Name").fill("Nina New");
  await dialog.getByRole("button", { name: "Invite", exact: true }).click();
  const row = admin.getByRole("row").filter({ hasText: email });
  await row.getByText("pending").waitFor();

  const page = await signUp(email);
  await page.getByText("Ada Admin invites you").waitFor();
  await page.getByRole("button", { name: /^Join / }).click();
  await page.waitForURL(/\/t\/[^/]+\/inbox/);
  await row.getByText("accepted").waitFor();
  await admin.getByRole("button", { name: "Edit: Nina New" }).waitFor();

  await admin.getByRole("button", { name: "End membership: Nina New" }).click();
  const ending = admin.getByRole("dialog");
  await ending.getByRole("button", { name: "End membership" }).click();
  await page.getByText("your membership has ended").waitFor();
  expect(await page.getByRole("button", { name: "Sign out" }).count()).toBe(1);
  await page.context().close();
  await admin.context().close();
});
