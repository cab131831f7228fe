import { basename } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The end-to-end files have one suite of functions; what has to wait in it begins first, and is looked at last. */
const endToEnd = [
  "workersKilled.test.ts",
  "console.test.ts",
  "consoleAccess.test.ts",
  "consoleInvitations.test.ts",
  "journey.test.ts",
  "workersEnded.test.ts",
];

/** What takes minutes begins first, so that no worker is left alone with it. */
const longest = [
  "contract/linearText.test.ts",
  "rules/randomQueries.test.ts",
  "emulator/apiIdempotency.test.ts",
  "crashMidStage/person.test.ts",
  "crashMidStage/filing.test.ts",
  "crashMidStage/library.test.ts",
  "emulator/oncePerEffect.test.ts",
  "crashMidStage/search.test.ts",
  "crashMidStage/model.test.ts",
];

class InTheirOrder extends BaseSequencer {
  override async sort(
    files: TestSpecification[],
  ): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const long = longest.findIndex((file) => moduleId.endsWith(file));
      return long === -1
        ? endToEnd.indexOf(basename(moduleId))
        : long - longest.length - 1;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

/** Each kind of test is a project; what needs emulators finds them in the environment that `npm test` sets. */
export default defineConfig({
  test: {
    passWithNoTests: true,
    sequence: { sequencer: InTheirOrder },
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          // Properties over many cases take longer on a busy machine.
          testTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "contract",
          include: ["test/contract/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "emulator",
          include: ["test/emulator/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Half of the time each waits for the emulator, which keeps their projects apart.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "rules",
          include: ["test/rules/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // They share the one suite of functions: side by side they would steal each other's time.
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
