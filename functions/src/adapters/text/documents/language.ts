import { iso6393To1 } from "iso-639-3/iso6393-to-1.js";

/** Codes of franc-min for members of a macrolanguage: only the macrolanguage has an ISO 639-1 code. Cebuano has none, and keeps its own. */
const otherCodes: Readonly<Record<string, string>> = {
  arb: "ar",
  azj: "az",
  ceb: "ceb",
  cmn: "zh",
  fuv: "ff",
  npi: "ne",
  pes: "fa",
  plt: "mg",
  swh: "sw",
  uzn: "uz",
  zlm: "ms",
};

/** In shorter texts, a guess by letter frequency is wrong more often than what the page declares. */
const minCharacters = 200;

/** The language of a text as ISO 639-1: detected in a text that is long enough, else as the page declares it, else `und`. */
export async function detectLanguage(
  text: string,
  declared: string | null,
): Promise<string> {
  if (text.length >= minCharacters) {
    const { franc } = await import("franc-min");
    const code = franc(text.slice(0, 10_000));
    const guessed = otherCodes[code] ?? iso6393To1[code];
    if (guessed !== undefined) return guessed;
  }
  const tag = /^([a-z]{2,3})(?:[-_]|$)/iu
    .exec(declared?.trim() ?? "")?.[1]
    ?.toLowerCase();
  return tag ?? "und";
}
