/** Structured log lines; every one carries the trace. */
export interface Log {
  readonly write: (
    severity: "DEBUG" | "INFO" | "WARNING" | "ERROR",
    message: string,
    facts: Readonly<Record<string, unknown>>,
  ) => void;
}
