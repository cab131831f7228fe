import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import ts from "typescript";
import { topics } from "../../functions/src/domain/messages/topics.ts";
import { crashPoints } from "../reliability/crashPoints.ts";
import { journeys } from "../reliability/journeys/index.ts";

/** Under which names the journeys of R2 pass the points of each port that touches the outside. */
const names: Readonly<Record<string, readonly string[]>> = {
  Store: ["store"],
  Doorbell: ["doorbell"],
  Connector: ["connectors.sec"],
  Reader: ["reader"],
  Annotator: ["annotator"],
  Classifier: ["classifier"],
  Embedder: ["embedder"],
  Vectors: ["vectors"],
  Answers: ["answers"],
  Writer: ["writer"],
  Crm: ["crms.salesforce", "crms.hubspot"],
  Pacer: ["pacer", "secPacer", "newsPacer"],
  Identity: ["identity"],
  People: ["people"],
  Printer: ["printer"],
};

/** Calls that no journey makes, and why that is no gap. */
const elsewhere: Readonly<Record<string, string>> = {
  "Doorbell.sweepAt":
    "The tick alone asks for it, logs a failure, and asks again a minute later.",
  "Classifier.classify":
    "The journeys' signals have categories by rule. Its failures are waited for once, as test/unit/pipeline/embed/placed.test.ts shows.",
  "Printer.print":
    "An export alone asks for it, before anything of it is written; whoever asked asks again.",
};

describe("every call to the outside", () => {
  const processes = new Set<string>();
  const methods = new Set<string>();
  beforeAll(async () => {
    for (const { name } of journeys) {
      const { points } = await crashPoints({
        journey: name,
        modes: "one",
        part: [0, 1],
        only: "none of them",
        width: 1,
      });
      for (const line of points) {
        processes.add(line.slice(0, line.lastIndexOf(" ")));
        const point = line.slice(line.lastIndexOf(" ") + 1);
        methods.add(point.slice(0, point.indexOf("#")));
      }
    }
  });

  it("of every port has points at which R2 ends a run", () => {
    const ports = readdirSync(folder)
      // What a stage is told and answers, and by whom it is run, is no call to the outside.
      .filter((file) => file !== "stage.ts")
      .flatMap((file) => portsIn(join(folder, file)));
    expect(ports.map(({ port }) => port).sort()).toEqual(
      Object.keys(names).sort(),
    );
    const missing = ports.flatMap(({ port, calls }) =>
      calls
        .filter((call) => !(`${port}.${call}` in elsewhere))
        .filter(
          (call) =>
            !names[port]?.some((name) => methods.has(`${name}.${call}`)),
        )
        .map((call) => `${port}.${call}`),
    );
    expect(missing).toEqual([]);
  });

  it("is made in the work of every topic", () => {
    expect([...processes]).toEqual(expect.arrayContaining(Object.keys(topics)));
  });
});

const folder = "functions/src/ports";

/** The interfaces of a file that have a method which answers later: those that touch the outside. */
function portsIn(file: string) {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, "utf8"),
    ts.ScriptTarget.Latest,
  );
  return source.statements.filter(ts.isInterfaceDeclaration).flatMap((port) => {
    const calls = port.members
      .filter(ts.isPropertySignature)
      .filter(({ type }) => type !== undefined && ts.isFunctionTypeNode(type))
      .filter(({ type }) => /=>\s*Promise</.test(type?.getText(source) ?? ""))
      .map(({ name }) => name.getText(source));
    return calls.length === 0 ? [] : [{ port: port.name.text, calls }];
  });
}
