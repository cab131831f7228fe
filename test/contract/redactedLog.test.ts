import { expect, test } from "vitest";
import { redactedLog } from "../../functions/src/adapters/text/redaction/redactedLog.ts";
import { redactor } from "../../functions/src/adapters/text/redaction/redactor.ts";

test("a line of the log names nobody, however deep its facts are", () => {
  const lines: unknown[] = [];
  const log = redactedLog(
    { write: (...line) => void lines.push(line) },
    redactor(),
  );
  const at = new Date("2026-03-06T21:11:25Z");
  log.write("ERROR", "jo@example.com failed", {
    error: new TypeError("no 460-89-9847 here"),
    deep: [{ who: "(650) 543-4800", tries: 4111111111111111 }, null, at],
    traceId: "5d3b6c1e-8f1a-4c55-9d38-0f6c2a1b7e90",
    ok: true,
  });
  expect(lines).toEqual([
    [
      "ERROR",
      "[email] failed",
      {
        error: "TypeError: no [ssn] here",
        deep: [{ who: "[phone]", tries: 4111111111111111 }, null, at],
        traceId: "5d3b6c1e-8f1a-4c55-9d38-0f6c2a1b7e90",
        ok: true,
      },
    ],
  ]);
});
