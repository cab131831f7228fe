import { iso6393To1 } from "iso-639-3/iso6393-to-1.js";

/** The codes of franc-min that ISO 639-3 counts to a macrolanguage, which alone has a code in ISO 639-1; Cebuano keeps its own, since it has none. */
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

/** Below this many characters, guesses by letter frequency are wrong more often than the page's own word. */
const minCharacters = 200;

/** The language of a text as ISO 639-1: by its letters where there are enough of them, else as the page declares it, else `und`. */
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
