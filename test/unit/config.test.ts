import { afterEach, expect, test, vi } from "vitest";
import { settings } from "../../functions/src/config.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  ["SOURCES", settings.sources, "replay", "live"],
  ["CARD_WRITER", settings.cardWriter, "extractive", "claude"],
  ["CLASSIFIER", settings.classifier, "claude", "rules"],
] as const)(
  "a typo in %s is refused, and never means the default",
  (name, setting, other, standard) => {
    vi.stubEnv(name, `${other}y`);
    expect(() => setting.value()).toThrow(`${name} must be`);
    vi.stubEnv(name, other);
    expect(setting.value()).toBe(other);
    vi.stubEnv(name, "");
    expect(setting.value()).toBe(standard);
  },
);

test("a count of nothing is refused, and what is not set is the default", () => {
  vi.stubEnv("API_READS_PER_MINUTE", "0");
  expect(() => settings.apiReadsPerMinute.value()).toThrow(
    "API_READS_PER_MINUTE must be a whole number from 1",
  );
  vi.stubEnv("API_READS_PER_MINUTE", "12");
  expect(settings.apiReadsPerMinute.value()).toBe(12);
  vi.stubEnv("API_READS_PER_MINUTE", "");
  expect(settings.apiReadsPerMinute.value()).toBe(300);
});
