import type { Log } from "../../../ports/log.ts";
import type { Redactor } from "../../../ports/reading.ts";

/** A log without personal data: its messages and facts are redacted at any depth. */
export function redactedLog(log: Log, { redact }: Redactor): Log {
  const clean = (fact: unknown): unknown => {
    if (typeof fact === "string") return redact(fact);
    if (fact instanceof Error) return redact(`${fact.name}: ${fact.message}`);
    if (Array.isArray(fact)) return fact.map(clean);
    return isPlain(fact) ? cleanFields(fact) : fact;
  };
  const cleanFields = (facts: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(facts).map(([name, fact]) => [name, clean(fact)]),
    );
  return {
    write: (severity, message, facts) =>
      log.write(severity, redact(message), cleanFields(facts)),
  };
}

function isPlain(fact: unknown): fact is Readonly<Record<string, unknown>> {
  return (
    typeof fact === "object" &&
    fact !== null &&
    Object.getPrototypeOf(fact) === Object.prototype
  );
}
