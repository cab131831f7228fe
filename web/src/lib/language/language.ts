import type { Messages } from "../../messages/messages.ts";

/** The languages that the console speaks. */
export const languages = ["en", "uk"] as const;

export type Language = (typeof languages)[number];

const remembered = "clientpulse.language";

/** The language that was chosen here, or the browser's own where the console speaks it. */
export function firstLanguage(): Language {
  const wanted = [localStorage.getItem(remembered), ...navigator.languages];
  const found = wanted
    .map((tag) => languages.find((language) => tag?.startsWith(language)))
    .find((language) => language !== undefined);
  return found ?? "en";
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(remembered, language);
}

/** The texts of a language, loaded when it is chosen. */
export async function loadMessages(language: Language): Promise<Messages> {
  return language === "uk"
    ? (await import("../../messages/uk.ts")).uk
    : (await import("../../messages/en.ts")).en;
}
