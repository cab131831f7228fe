import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { root } from "../../dev/places.ts";

/** The documents whose examples are followed to the letter. */
const documents = [
  "functions/src/adapters/connectors/README.md",
  "functions/src/adapters/crms/README.md",
  "functions/src/pipeline/README.md",
];

/** A file that an example creates, or changes as a diff says. */
interface Block {
  readonly path: string;
  readonly language: string;
  readonly text: string;
}

const examples = documents.map((document) => {
  const text = readFileSync(join(root, document), "utf8");
  return { document, text, blocks: blocksIn(text) };
});

/** The tree as it stands once every example was followed, one after the other. */
const followed = new Map<string, string>();
const faults = examples.flatMap(({ document, blocks }) =>
  blocks.flatMap((block) => {
    const fault = follow(block);
    return fault === null ? [] : [`${document}: ${block.path}: ${fault}`];
  }),
);

test("each block stands where its file lets it", () => {
  expect(faults).toEqual([]);
});

describe.each(examples)("$document", ({ document, text, blocks }) => {
  test("counts its files rightly", () => {
    const files = new Set(blocks.map(({ path }) => path)).size;
    const count = /^(\w+) files\b/m.exec(text)?.[1];
    expect(["Six", "Seven", "Eight", "Nine"].indexOf(count ?? "") + 6).toBe(
      files,
    );
  });

  test("creates and changes files", () => {
    const languages = blocks.map(({ language }) => language);
    expect(languages).toContain("ts");
    expect(languages).toContain("diff");
  });

  test("names no file that is neither there nor created", () => {
    const isThere = (path: string) =>
      followed.has(path) || existsSync(join(root, path));
    expect(pathsIn(text, document).filter((path) => !isThere(path))).toEqual(
      [],
    );
  });
});

test("the tree compiles with what the examples create and change", () => {
  const read = ts.readConfigFile(join(root, "tsconfig.json"), (path) =>
    ts.sys.readFile(path),
  );
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    read.config,
    ts.sys,
    root,
  );
  const texts = new Map(
    [...followed].map(([path, text]) => [join(root, path), text]),
  );
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram({
    rootNames: [...fileNames, ...texts.keys()].filter((name) =>
      name.endsWith(".ts"),
    ),
    options,
    host: {
      ...host,
      fileExists: (name) => texts.has(name) || host.fileExists(name),
      readFile: (name) => texts.get(name) ?? host.readFile(name),
      directoryExists: (name) =>
        [...texts.keys()].some((file) => file.startsWith(`${name}/`)) ||
        existsSync(name),
      getSourceFile: (name, version) => {
        const text = texts.get(name);
        return text === undefined
          ? host.getSourceFile(name, version)
          : ts.createSourceFile(name, text, version);
      },
    },
  });
  const found = program
    .getSourceFiles()
    .filter(({ fileName }) => mayTell(fileName))
    .flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]);
  expect(
    ts.formatDiagnostics(found, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => root,
      getNewLine: () => "\n",
    }),
  ).toBe("");
}, 300_000);

/** The console's pages take long to check, and what they lack of a name definitions.test.ts tells. */
function mayTell(file: string): boolean {
  return !file.includes("/node_modules/") && !file.endsWith(".tsx");
}

/** The blocks above which the name of a file stands, in their order. */
function blocksIn(markdown: string): readonly Block[] {
  const block = /^`([\w./-]+)`\n\n```(\w+)\n([^]*?)^```$/gm;
  return [...markdown.matchAll(block)].map(
    ([, path = "", language = "", text = ""]) => ({ path, language, text }),
  );
}

/** Puts the block in its place, where it does not stand there already; what keeps it from that, or null. */
function follow({ path, language, text }: Block): string | null {
  const before = followed.get(path) ?? onDisk(path);
  if (language !== "diff") {
    followed.set(path, before ?? text);
    return null;
  }
  if (before === null) return "is not there";
  let lines = before.split("\n");
  for (const hunk of text.trimEnd().split(/^@@\n/m)) {
    const marked = hunk.replace(/\n$/, "").split("\n");
    const unmarked = (marks: RegExp) =>
      marked.filter((line) => marks.test(line)).map((line) => line.slice(1));
    const [old, wanted] = [unmarked(/^[ -]|^$/), unmarked(/^[ +]|^$/)];
    if (findPlaces(wanted, lines).length > 0) continue;
    const [place, ...others] = findPlaces(old, lines);
    if (place === undefined || others.length > 0)
      return `has ${place === undefined ? "no" : "more than one"} place for\n${hunk}`;
    lines = lines.toSpliced(place, old.length, ...wanted);
  }
  followed.set(path, lines.join("\n"));
  return null;
}

/** The lines at which these lines stand among others. */
function findPlaces(
  part: readonly string[],
  lines: readonly string[],
): readonly number[] {
  return lines.flatMap((_, i) =>
    part.every((line, n) => lines[i + n] === line) ? [i] : [],
  );
}

function onDisk(path: string): string | null {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

/** The files that a document links to, or names by their path from the root. */
function pathsIn(markdown: string, document: string): readonly string[] {
  const links = [...markdown.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(
    ([, link = ""]) => join(dirname(document), link),
  );
  const named = [
    ...markdown.matchAll(
      /`((?:functions|web|dev|test)\/[\w./-]+\.\w+|\.env\.example)`/g,
    ),
  ].map(([, path = ""]) => path);
  return [...links, ...named];
}
