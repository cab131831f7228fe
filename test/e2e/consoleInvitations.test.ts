import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openConsole, startChromium } from "../../dev/chromium.ts";
import { demoPeople } from "../../dev/demoPeople.ts";
import { signUp } from "../../dev/newcomer.ts";
import * as at from "../../functions/src/domain/collections.ts";
import { toInvitationId } from "../../functions/src/domain/people/invitation.ts";
import { update } from "../../functions/src/ports/store.ts";
import { aUid } from "../support/builders.ts";
import { foundTenant, invite, newAddress } from "../support/newcomers.ts";
import { openSuite } from "../support/suite.ts";

const suite = openSuite();
let browser: Browser;
const { admin: ada } = demoPeople;
const byAda = { uid: aUid(ada.uid), name: ada.name };
const noah = { name: "Noah New", role: "ACCOUNT_MANAGER" } as const;

beforeAll(async () => {
  browser = await startChromium();
});
afterAll(async () => {
  await browser.close();
  await suite.close();
});

/** What the keyboard is on: its name for those who do not see it, else its words. */
function focused(page: Page): Promise<string> {
  return page.evaluate(
    `document.activeElement.ariaLabel ?? document.activeElement.innerText`,
  );
}

function expectFocus(page: Page, name: string) {
  return expect.poll(() => focused(page), { timeout: 10_000 }).toBe(name);
}

/** Whether nothing of the text of a page's buttons is cut off. */
const areWhole = `[...document.querySelectorAll("button")].every((button) =>
  button.scrollHeight <= button.clientHeight &&
  [button, ...button.querySelectorAll("span")].every(
    ({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth))`;

/** The members page of the demo tenant, seen by its administrator. */
async function openMembers(): Promise<Page> {
  const admin = await openConsole(browser, suite.facts, { person: ada });
  await admin.goto(new URL("members", admin.url()).href);
  return admin;
}

async function openMenu(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^You:/ }).click();
}

/** Leaves the tenant that is looked at, by its menu, which asks once more. */
async function leave(page: Page): Promise<void> {
  await openMenu(page);
  await page.getByRole("menuitem", { name: "Leave this tenant" }).click();
  await page.getByRole("menuitem", { name: /^Leave\? / }).click();
}

it("leads somebody new from an invitation, by a proven address, into the tenant", async () => {
  const email = newAddress("nina");
  const admin = await openMembers();
  await admin.getByRole("button", { name: "Invite", exact: true }).click();
  const dialog = admin.getByRole("dialog");
  await dialog.getByLabel("E-mail").fill(email);
  await dialog.getByLabel("Name").fill("Nina New");
  await dialog.getByRole("button", { name: "Invite", exact: true }).click();
  const row = admin.getByRole("row").filter({ hasText: email });
  await row.getByText("pending").waitFor();

  const page = await signUp(browser, suite.facts, { email });
  await page.getByText("Ada Admin invites you").waitFor();
  await page.getByRole("button", { name: "Join Demo" }).click();
  await page.waitForURL(/\/t\/[^/]+\/inbox/);
  await page.getByText("You have no account yet").waitFor();
  await row.getByText("accepted").waitFor();
  const end = admin.getByRole("button", { name: "End membership: Nina New" });
  await end.click();
  await admin.keyboard.press("Escape");
  await expectFocus(admin, "End membership: Nina New");

  await end.click();
  const ending = admin.getByRole("dialog");
  await ending.getByRole("button", { name: "End membership" }).click();
  await page.getByText(/^You are not a member of Demo,/).waitFor();
  expect(await page.getByRole("button", { name: "Sign out" }).count()).toBe(1);
  await page.context().close();
  await admin.context().close();
});

it("shows administrators an invitation without its inviter, which they change and withdraw by keyboard", async () => {
  const email = newAddress("olga");
  const invitedBy = { uid: aUid("gone"), name: "Gus Gone" };
  await invite(suite, {
    email,
    name: "Olga New",
    role: "ADMIN",
    tenantId: suite.tenantId,
    invitedBy,
  });
  const admin = await openMembers();
  const row = admin.getByRole("row").filter({ hasText: email });
  await row.getByText("No longer an administrator").waitFor();

  await row.getByRole("button", { name: "Edit: Olga New" }).press("Enter");
  const dialog = admin.getByRole("dialog");
  await dialog.getByRole("button", { name: "Cancel" }).last().press("Enter");
  await expectFocus(admin, "Edit: Olga New");
  await admin.keyboard.press("Enter");
  await dialog.getByLabel("Role").selectOption("VIEWER");
  await dialog.getByLabel("Teams", { exact: true }).fill("north");
  await dialog.getByRole("button", { name: "Save" }).click();
  await row.getByText("Viewer").waitFor();
  await row.getByText("north").waitFor();

  await row.getByRole("button", { name: "Renew: Olga New" }).click();
  await row.getByText("Ada Admin").waitFor();
  expect(await row.getByText("No longer an administrator").count()).toBe(0);
  await row.getByRole("button", { name: "Withdraw: Olga New" }).press("Enter");
  await row.getByText("withdrawn").waitFor();
  await expectFocus(admin, "Invite again: Olga New");
  await admin.context().close();
});

it("asks before it declines, by keyboard, and goes on at the page's title", async () => {
  const email = newAddress("dora");
  const long = `${"Very ".repeat(8)}Long ${"Name".repeat(35)}`;
  const other = await foundTenant(suite, long);
  await invite(suite, { ...noah, email, tenantId: other.id, ...other });
  const page = await signUp(browser, suite.facts, { email });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: `Join ${long}` }).waitFor();
  expect(await page.evaluate(areWhole)).toBe(true);

  const decline = `Decline the invitation of ${long}`;
  await page.getByRole("button", { name: decline }).press("Enter");
  await expectFocus(page, "Cancel");
  await page.keyboard.press("Enter");
  await expectFocus(page, decline);
  await page.keyboard.press("Enter");
  await expectFocus(page, "Cancel");
  await page.keyboard.press("Tab");
  await expectFocus(page, "Yes, decline");
  await page.keyboard.press("Enter");
  await page.getByText("No pending invitation").waitFor();
  await expectFocus(page, "Your invitations");
  await page.reload();
  await page.getByText("No pending invitation").waitFor();
  await page.context().close();
});

it("says why an invitation cannot be accepted any more, and shows it no longer", async () => {
  const email = newAddress("paul");
  const other = await foundTenant(suite, "Second House");
  await invite(suite, { ...noah, email, tenantId: other.id, ...other });
  const page = await signUp(browser, suite.facts, { email });
  const join = page.getByRole("button", { name: "Join Second House" });
  await join.waitFor();
  const id = toInvitationId(email);
  const read = await suite.store.read(at.invitation(other.id, id));
  if (read === null) throw new Error("There is no such invitation.");
  await suite.store.commit(
    [update(read, { state: "withdrawn", version: 2 })],
    new Date(),
  );
  await join.click();
  await page.getByText("No pending invitation").waitFor();
  expect(await page.getByRole("alert").innerText()).toContain(
    "The invitation is withdrawn. An administrator of the tenant can invite you again.",
  );
  await expectFocus(page, "Your invitations");
  await page.context().close();
});

it("lets a person of two tenants switch between them, and leave one and then the other", async () => {
  const email = newAddress("tess");
  const demo = { tenantId: suite.tenantId, invitedBy: byAda };
  const other = await foundTenant(suite, "Second House");
  await invite(suite, { ...noah, email, ...demo });
  await invite(suite, { ...noah, email, tenantId: other.id, ...other });
  const page = await signUp(browser, suite.facts, { email });
  await page.getByRole("button", { name: "Join Demo" }).click();
  await page.waitForURL(`**/t/${suite.tenantId}/inbox`);
  await page.getByText("Second House has invited you.").waitFor();
  await page.getByRole("link", { name: "View invitations" }).click();
  await page.getByRole("button", { name: "Join Second House" }).click();
  await page.waitForURL(`**/t/${other.id}/inbox`);

  await openMenu(page);
  await page.getByRole("menuitem", { name: "Switch to Demo" }).click();
  await page.waitForURL(`**/t/${suite.tenantId}/inbox`);
  await page.getByRole("banner").getByText("Demo").waitFor();
  await page.goto(suite.facts.apiUrl);
  await page.waitForURL(`**/t/${suite.tenantId}/inbox`);

  await leave(page);
  await page.waitForURL(`**/t/${other.id}/inbox`);
  await page.getByRole("banner").getByText("Second House").waitFor();
  await openMenu(page);
  await page.getByRole("menuitem", { name: "Leave this tenant" }).waitFor();
  expect(await page.getByRole("menuitem", { name: /^Switch/ }).count()).toBe(0);
  await page.keyboard.press("Escape");
  await leave(page);
  await page.getByText("No pending invitation").waitFor();
  expect(await page.getByRole("link", { name: /^Switch/ }).count()).toBe(0);
  await page.context().close();
});
