import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { z } from "zod";
import { demoPeople } from "./demoPeople.ts";
import { signIn } from "./api.ts";
import type { SuiteFacts } from "./suiteFacts.ts";

const Codes = z.object({
  oobCodes: z.array(z.object({ email: z.string(), oobLink: z.url() })),
});

/** Opens the console at the invitations as somebody who was never here, and signs in by the link that is mailed to them. */
export async function signUp(
  browser: Browser,
  {
    apiUrl,
    authHost,
    projectId,
  }: Pick<SuiteFacts, "apiUrl" | "authHost" | "projectId">,
  { email, ...window }: BrowserContextOptions & { readonly email: string },
): Promise<Page> {
  const context = await browser.newContext({ locale: "en", ...window });
  const page = await context.newPage();
  await page.goto(`${apiUrl}/invitations`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "E-mail me a sign-in link" }).click();
  await page.getByText("is on its way").waitFor();
  const answer = await fetch(
    `http://${authHost}/emulator/v1/projects/${projectId}/oobCodes`,
  );
  const { oobCodes } = Codes.parse(await answer.json());
  const mail = oobCodes.findLast((code) => code.email === email);
  await page.goto(mail?.oobLink ?? "");
  return page;
}

/** Has the demo tenant's administrator invite somebody. Throws the API's answer where it refuses. */
export async function inviteToDemo(
  facts: Pick<SuiteFacts, "apiUrl" | "authHost">,
  person: { readonly email: string; readonly name: string },
): Promise<void> {
  const answer = await fetch(`${facts.apiUrl}/api/v1/invitations`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await signIn(facts, demoPeople.admin)}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      ...person,
      role: "ACCOUNT_MANAGER",
      teams: ["growth"],
    }),
  });
  if (!answer.ok)
    throw new Error(
      `${person.email} was not invited: ${answer.status} ${await answer.text()}`,
    );
}
