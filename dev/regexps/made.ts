import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { root } from "../places.ts";
import type { Made } from "./faults.ts";

/** The expressions that modules make of parts while they are loaded. */
export async function madeByModules(
  paths: readonly string[],
): Promise<readonly Made[]> {
  const made: Made[] = [];
  const original = globalThis.RegExp;
  globalThis.RegExp = new Proxy(original, {
    construct(target, values, newTarget) {
      const expression: unknown = Reflect.construct(target, values, newTarget);
      const place = findPlace(new Error().stack ?? "");
      if (!(expression instanceof original))
        throw new TypeError("RegExp made something else.");
      if (place !== null)
        made.push({
          ...place,
          source: expression.source,
          flags: expression.flags,
        });
      return expression;
    },
  });
  try {
    for (const path of paths) await import(pathToFileURL(path).href);
  } finally {
    globalThis.RegExp = original;
  }
  return made;
}

/** The first place of a stack that is in our sources. */
function findPlace(stack: string): Pick<Made, "file" | "line"> | null {
  for (const line of stack.split("\n").slice(2)) {
    const found = /((?:file:\/\/)?\/[^()]+\.tsx?):(\d+):\d+/.exec(line);
    if (found?.[1] === undefined) continue;
    const path = found[1].startsWith("file:")
      ? fileURLToPath(found[1])
      : found[1];
    const file = relative(root, path).replaceAll("\\", "/");
    return file.startsWith("..") || file.includes("node_modules")
      ? null
      : { file, line: Number(found[2]) };
  }
  return null;
}
