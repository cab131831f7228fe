import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { cacheFolder, root } from "../../dev/places.ts";
import { buildSite, policyHeader } from "../../dev/site.ts";
import { sharedApi } from "../support/api.ts";

mkdirSync(cacheFolder, { recursive: true });
const folder = mkdtempSync(join(cacheFolder, "site-"));
const project = {
  projectId: "acme-prod",
  apiKey: "AIza",
  authDomain: "acme-prod.firebaseapp.com",
  appId: "1:2:web:3",
};
beforeAll(() => buildSite(folder, project), 120_000);
afterAll(() => rmSync(folder, { recursive: true }));
const own = join(root, "web/public/docs");
const page = readFileSync(join(own, "index.html"), "utf8");
const script = readFileSync(join(own, "reader.js"), "utf8");

const Hosting = z.object({
  public: z.literal("web/dist"),
  predeploy: z.array(z.string()),
  headers: z.array(
    z.object({
      source: z.string(),
      headers: z.array(z.object({ key: z.string(), value: z.string() })),
    }),
  ),
});
const { hosting } = z
  .object({ hosting: Hosting })
  .parse(JSON.parse(readFileSync(join(root, "firebase.json"), "utf8")));

const headerOf = (source: string, key: string) =>
  hosting.headers
    .find((rule) => rule.source === source)
    ?.headers.find((header) => header.key === key)?.value;

it("lets nobody keep what is not there: an answer of 404 has the headers of its path", () => {
  expect(headerOf("/assets/**", "Cache-Control")).toContain("max-age=0");
});

it("has all that its page asks for in its own folder", () => {
  const asked = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(
    ([, url = ""]) => url,
  );
  expect(asked).toHaveLength(6);
  for (const url of asked.filter((u) => u !== "/api/openapi.json")) {
    expect(url).toMatch(/^\/docs\/[\w.-]+$/);
    const name = url.replace("/docs/", "");
    expect(readdirSync(join(folder, "docs"))).toContain(name);
  }
});

it("is laid out before each deploy", () => {
  expect(hosting.predeploy.join()).toContain("dev/site.ts");
});

it("stands beside the console, whose page may speak to Google and to its own API alone", () => {
  const console = readFileSync(join(folder, "index.html"), "utf8");
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(
    console,
  )?.[1];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(
    /connect-src 'self'(?: https:\/\/\w+\.googleapis\.com)+;/,
  );
  expect(policy).not.toMatch(/unsafe-eval|127\.0\.0\.1/);
  expect(console).not.toMatch(/<script(?![^>]*src=)/);
  const header = headerOf("**", "Content-Security-Policy");
  expect(header).toBe(policyHeader(null));
  expect(header).toBe(`${policy}; frame-ancestors 'none'`);
});

it("may load, run and ask nothing from elsewhere, and needs no script in its page", () => {
  const policy = headerOf("/docs{,/**}", "Content-Security-Policy");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src 'self';/);
  expect(policy).toMatch(/connect-src 'self';/);
  expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  expect(page).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|style=/);
  expect(script).toContain("validatorUrl: null");
});

it("shows what the API says of itself", async () => {
  const api = await sharedApi();
  const url = /url: "([^"]+)"/.exec(script)?.[1] ?? "";
  const answer = await api.send(url);
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({ openapi: "3.1.0" });
});
