import { readFile, readdir } from "node:fs/promises";
import { expect, test } from "vitest";

/** What people are told to make at a vendor, wherever they are told it. */
const texts = [
  "README.md",
  "docs/configuration.md",
  ".env.example",
  "dev/deploy/README.md",
  "functions/src/adapters/connectors/README.md",
];

test("nobody is told to make what HubSpot and Salesforce no longer let anybody make", async () => {
  const code = await readdir("functions/src", { recursive: true });
  const files = [
    ...texts,
    ...code
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `functions/src/${name}`),
  ];
  for (const file of files) {
    const lines = (await readFile(file, "utf8")).split("\n");
    const told = lines.filter((line) =>
      /private app|connected app/i.test(line),
    );
    // One that is there already may go on being used.
    for (const line of told) expect(line, file).toMatch(/older|made before/i);
  }
});

test("what is to be made instead is named, and that webhooks need an app of their own", async () => {
  const [deploying, configuration] = await Promise.all(
    ["dev/deploy/README.md", "docs/configuration.md"].map((file) =>
      readFile(file, "utf8"),
    ),
  );
  expect(deploying).toMatch(/service key/i);
  expect(deploying).toMatch(/projects-based app/i);
  expect(deploying).toMatch(/External Client App/);
  const settings = await readFile(".env.example", "utf8");
  for (const name of [
    "SALESFORCE_TENANT",
    "HUBSPOT_TENANT",
    "HUBSPOT_API_VERSION",
  ]) {
    expect(settings).toContain(`${name}=`);
    expect(configuration).toContain(`\`${name}\``);
  }
});
