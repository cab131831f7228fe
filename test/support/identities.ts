import { seeded } from "./seeded.ts";

/** What reaches or names somebody, as it is written down. */
export interface Identity {
  readonly kind: (typeof kinds)[number];
  readonly written: string;
}

const kinds = ["email", "phone", "card", "iban", "ssn", "ip"] as const;

/** A digit each for the letters N of a form. */
type Draw = (form: string) => string;

const writers: Readonly<
  Record<Identity["kind"], readonly ((draw: Draw) => string)[]>
> = {
  email: [
    (draw) => draw("pat.doeNNNNN@globex.example"),
    (draw) => draw("Kim_Lee+NNNNN@mail.example.co.uk"),
    (draw) => draw("SAM.ROE-NNNNN@EXAMPLE.ORG"),
    (draw) => draw("müllerNNNNN@käse.example"),
    (draw) => draw("noraNNNNN [at] example [dot] com"),
    (draw) => draw("oNNNNN.hara(at)example.museum"),
  ],
  phone: [
    (draw) => draw("(415) 5NN-NNNN"),
    (draw) => draw("650-5NN-NNNN"),
    (draw) => draw("1-800-5NN-NNNN"),
    (draw) => draw("+1 650 5NN NNNN"),
    (draw) => draw("+44 20 7946 NNNN"),
    (draw) => draw("+49 89 12NN NNNN"),
    (draw) => draw("+447700NNNNNN"),
    (draw) => draw("01 84 NN NN NN"),
    (draw) => draw("212.5NN.NNNN x12"),
  ],
  card: [
    (draw) => checked(draw("4NNNNNNNNNNNNNN")),
    (draw) => inFours(checked(draw("4NNNNNNNNNNNNNN")), " "),
    (draw) => inFours(checked(draw("52NNNNNNNNNNNNN")), "-"),
    (draw) => checked(draw("37NNNNNNNNNNNN")),
    (draw) => inFours(checked(draw("6011NNNNNNNNNNN")), "\u00a0"),
  ],
  iban: [
    (draw) => accountOf("DE", draw("NNNNNNNNNNNNNNNNNN")),
    (draw) => inFours(accountOf("DE", draw("NNNNNNNNNNNNNNNNNN")), " "),
    (draw) => accountOf("GB", draw("WESTNNNNNNNNNNNNNN")).toLowerCase(),
    (draw) => inFours(accountOf("NL", draw("RABONNNNNNNNNN")), " "),
    (draw) => accountOf("FR", draw("NNNNNNNNNNNNNNNNNNNNNNN")),
  ],
  ssn: [
    (draw) => draw("46N-8N-1NNN"),
    (draw) => draw("51N–6N–1NNN"),
    (draw) => draw("07N\u20111N\u20111NNN"),
  ],
  ip: [
    (draw) => `203.0.113.${1 + (Number(draw("NNN")) % 254)}`,
    (draw) =>
      `198.51.${1 + (Number(draw("NNN")) % 254)}.${1 + (Number(draw("NNN")) % 254)}`,
    (draw) => draw("2001:db8:NNNN::8a2e:NNNN"),
    (draw) => draw("2001:0DB8:0000:0000:NNNN:8A2E:0370:NNNN"),
    (draw) =>
      `::ffff:192.0.${1 + (Number(draw("NNN")) % 254)}.${1 + (Number(draw("NNN")) % 254)}`,
  ],
};

/** So many identities, all of them different, of every kind in turn and in every spelling; the same for the same seed. */
export function identities(count: number, seed: number): readonly Identity[] {
  const chance = seeded(seed);
  const draw: Draw = (form) =>
    form.replaceAll("N", () => String(Math.floor(chance() * 10)));
  const known = new Map<string, Identity>();
  for (let n = 0; known.size < count; n++) {
    const kind = kinds[n % kinds.length] ?? "email";
    const forms = writers[kind];
    const written = forms[Math.floor(n / kinds.length) % forms.length]?.(draw);
    if (
      written !== undefined &&
      ![...known.keys()].some(
        (other) => other.includes(written) || written.includes(other),
      )
    )
      known.set(written, { kind, written });
  }
  return [...known.values()];
}

/** The forms in which an identity may have been left in a text: as it is, in lower case, and escaped for a URL. */
export function formsOf({ written }: Identity): readonly string[] {
  const escaped = encodeURIComponent(written);
  return [
    ...new Set([
      written,
      written.toLowerCase(),
      escaped,
      encodeURIComponent(escaped),
      encodeURI(written),
      escaped.replaceAll("%20", "+"),
      written.replaceAll(" ", "+"),
    ]),
  ];
}

/** The number with its check digit behind it (ISO/IEC 7812-1, annex B). */
export function checked(payload: string): string {
  const sum = Array.from(payload)
    .reverse()
    .map((digit, i) => Number(digit) * (i % 2 === 0 ? 2 : 1))
    .reduce((all, n) => all + (n > 9 ? n - 9 : n), 0);
  return `${payload}${(10 - (sum % 10)) % 10}`;
}

/** The account number with the check digits that its country and the rest of it ask for (ISO 7064, MOD 97-10). */
function accountOf(country: string, rest: string): string {
  const digits = `${rest}${country}00`.replace(/[A-Z]/gu, (letter) =>
    String(parseInt(letter, 36)),
  );
  const check = 98n - (BigInt(digits) % 97n);
  return `${country}${String(check).padStart(2, "0")}${rest}`;
}

function inFours(number: string, gap: string): string {
  return (number.match(/.{1,4}/gu) ?? []).join(gap);
}
