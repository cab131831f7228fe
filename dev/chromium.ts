import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import type { DemoPerson } from "./demoPeople.ts";
import type { SuiteFacts } from "./suiteFacts.ts";

const names = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/** Starts the machine's Chromium: that of CHROMIUM_PATH, or the first on the path. Throws what to install where there is none. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    // Root has no sandbox of its own; nothing but our own pages is opened.
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
}

function findChromium(): string {
  const given = process.env["CHROMIUM_PATH"];
  if (given !== undefined && given !== "") return given;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isExecutable);
  if (found === undefined)
    throw new Error(
      "No Chromium was found: install one (on Debian `apt-get install chromium`), or say in CHROMIUM_PATH where it is.",
    );
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What the pages of the console did that their Content-Security-Policy forbids, since this process began. */
export const policyViolations: string[] = [];

/** The console in a window of its own, with one of the demo's people signed in, at the inbox. */
export async function openConsole(
  browser: Browser,
  { apiUrl }: Pick<SuiteFacts, "apiUrl">,
  {
    person,
    ...window
  }: BrowserContextOptions & { readonly person: DemoPerson },
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "en",
    timezoneId: "UTC",
    ...window,
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text()))
      policyViolations.push(message.text());
  });
  await page.goto(apiUrl);
  await page.getByRole("button", { name: person.name }).click();
  await page.waitForURL(/\/t\/[^/]+\/inbox/);
  return page;
}
