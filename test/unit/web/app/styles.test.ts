import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../../../../dev/places.ts";

const styles = join(root, "node_modules/@mantine/core/styles");
const imported = readFileSync(join(root, "web/src/app/styles.ts"), "utf8");

it("are loaded for every component that is used", () => {
  const files = readdirSync(join(root, "web/src"), {
    recursive: true,
    encoding: "utf8",
  }).filter((file) => /\.tsx?$/.test(file));
  const used = files.flatMap((file) =>
    [
      ...readFileSync(join(root, "web/src", file), "utf8").matchAll(
        /import \{([^}]*)\} from "@mantine\/core"/g,
      ),
    ].flatMap(([, names = ""]) => names.split(",").map((n) => n.trim())),
  );
  const components = [...new Set(used)].filter((name) =>
    existsSync(join(styles, `${name}.css`)),
  );
  expect(components).toContain("Button");
  expect(
    components.filter((name) => !imported.includes(`styles/${name}.css`)),
  ).toEqual([]);
});
