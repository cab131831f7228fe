/** The languages that franc-min tells apart and that have a code of two letters (ISO 639-3 to ISO 639-1). */
const shortCode: Readonly<Record<string, string>> = {
  amh: "am",
  arb: "ar",
  azj: "az",
  bel: "be",
  ben: "bn",
  bos: "bs",
  bul: "bg",
  ceb: "ceb",
  ces: "cs",
  cmn: "zh",
  deu: "de",
  ell: "el",
  eng: "en",
  fra: "fr",
  fuv: "ff",
  guj: "gu",
  hau: "ha",
  hin: "hi",
  hrv: "hr",
  hun: "hu",
  ibo: "ig",
  ind: "id",
  ita: "it",
  jav: "jv",
  jpn: "ja",
  kan: "kn",
  kaz: "kk",
  kin: "rw",
  kor: "ko",
  mal: "ml",
  mar: "mr",
  mya: "my",
  nld: "nl",
  npi: "ne",
  nya: "ny",
  pan: "pa",
  pes: "fa",
  plt: "mg",
  pol: "pl",
  por: "pt",
  ron: "ro",
  run: "rn",
  rus: "ru",
  sin: "si",
  som: "so",
  spa: "es",
  srp: "sr",
  sun: "su",
  swe: "sv",
  swh: "sw",
  tam: "ta",
  tel: "te",
  tgl: "tl",
  tha: "th",
  tur: "tr",
  ukr: "uk",
  urd: "ur",
  uzn: "uz",
  vie: "vi",
  yor: "yo",
  zlm: "ms",
  zul: "zu",
};

/** Below this many characters, guesses by letter frequency are wrong more often than the page's own word. */
const enough = 200;

/** The language of a text as ISO 639-1: by its letters where there are enough of them, else as the page declares it, else `und`. */
export async function languageOf(
  text: string,
  declared: string | null,
): Promise<string> {
  if (text.length >= enough) {
    const { franc } = await import("franc-min");
    const guessed = shortCode[franc(text.slice(0, 10_000))];
    if (guessed !== undefined) return guessed;
  }
  const tag = /^([a-z]{2,3})(?:[-_]|$)/iu
    .exec(declared?.trim() ?? "")?.[1]
    ?.toLowerCase();
  return tag ?? "und";
}
