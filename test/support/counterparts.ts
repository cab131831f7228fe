import {
  paragraphs,
  pick,
  wordCount,
  type Chance,
  type Edit,
  type Told,
} from "./rewrites.ts";

/** What is told first is what a correction is about, in characters. */
const beginningLength = 700;

const figure = /(?<![\p{L}\d.,])\d+(?:[.,]\d+)*(?!\d|\p{L}{2,}\d)/gu;

/** One figure told otherwise wherever it stands: the first of the story that is no year; null where its beginning has none. */
export function figureChanged(
  { title, text }: Told,
  chance: Chance,
): Told | null {
  const beginning = `${title}\n${text.slice(0, beginningLength)}`;
  const [was] = [...beginning.matchAll(figure)]
    .map(([one]) => one)
    .filter((one) => !/^(?:19|20)\d\d$/u.test(one));
  if (was === undefined) return null;
  const is = otherFigure(was, chance);
  const told = (from: string) =>
    from.replace(figure, (one) => (one === was ? is : one));
  return { title: told(title), text: told(text) };
}

/** One name told otherwise wherever it stands: of those in the beginning the most frequent one; null where none comes twice. */
export function nameChanged(
  { title, text }: Told,
  chance: Chance,
): Told | null {
  const beginning = text.slice(0, beginningLength);
  const counts = new Map<string, number>();
  for (const [name] of text.matchAll(/(?<=\p{Ll},? )\p{Lu}\p{Ll}{3,}/gu))
    counts.set(name, (counts.get(name) ?? 0) + 1);
  const [was] =
    [...counts]
      .filter(([name, count]) => count > 1 && beginning.includes(name))
      .sort(([, a], [, b]) => b - a)[0] ?? [];
  if (was === undefined) return null;
  const is = pick(["Abernathy", "Kowalczyk", "Oduya", "Lindqvist"], chance);
  const told = (from: string) =>
    from.replace(new RegExp(`(?<!\\p{L})${was}(?!\\p{L})`, "gu"), is);
  return { title: told(title), text: told(text) };
}

/** A weekday told otherwise; null where the beginning has none. */
export function dayChanged({ title, text }: Told): Told | null {
  const days = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
  ];
  const was = days.find((day) => text.slice(0, beginningLength).includes(day));
  if (was === undefined) return null;
  const is = days[(days.indexOf(was) + 2) % 7] ?? was;
  return { title: title.replaceAll(was, is), text: text.replaceAll(was, is) };
}

/** With the note by which an outlet says so. */
export const withNote: Edit = (told, chance) => {
  const note = pick(
    [
      "Correction: An earlier version of this article misstated a figure. It has been corrected.",
      "CORRECTED: Corrects figure in the first paragraph.",
      "(This story has been corrected to fix a number in paragraph one.)",
      "Editor's note: a previous version of this story gave a wrong figure.",
      "UPDATE 1: New details throughout.",
    ],
    chance,
  );
  const kind = chance();
  if (kind < 0.3) return { ...told, title: `CORRECTED-${told.title}` };
  return {
    ...told,
    text: kind < 0.65 ? `${note}\n\n${told.text}` : `${told.text}\n\n${note}`,
  };
};

/** The story's first paragraph, and then another story; null where the first paragraph is more than a third of it. */
export function beginsAlike(
  told: Told,
  other: Told,
  chance: Chance,
): Told | null {
  const [first = ""] = paragraphs(told.text);
  if (
    wordCount(first) * 3 >
    Math.min(wordCount(told.text), wordCount(other.text))
  )
    return null;
  return {
    title: headlineAfter(told, chance),
    text: `${first}\n\n${other.text}`,
  };
}

/** What happened the day after, in a few sentences with the story's names; with its last part as background or without. */
export function dayAfter(
  background: number,
): (told: Told, chance: Chance) => Told {
  return (told, chance) => {
    const names = [
      ...new Set(
        told.text.match(
          /(?<=\p{Ll},? )\p{Lu}\p{Ll}{3,}(?: \p{Lu}\p{Ll}+)?/gu,
        ) ?? [],
      ),
    ];
    const name = () => (names.length > 0 ? pick(names, chance) : "The company");
    const amount = () => 11 + Math.floor(chance() * 880);
    const lines = [
      `A day after the news about ${name()}, officials said on Thursday that a formal inquiry would open within ${amount()} days.`,
      `${name()} rejected the criticism and promised to publish all ${amount()} pages of the internal review.`,
      `Analysts lowered their expectations by ${amount()} basis points overnight, citing the uncertainty around ${name()}.`,
      `A spokesman for ${name()} declined to comment on whether further steps would follow before the hearing scheduled for next month.`,
      `Opponents gathered ${amount()} signatures by midday for a petition that demands an apology from ${name()}.`,
      `The committee will question three more witnesses, among them a former assistant of ${name()}, its chairwoman announced.`,
      `Neighbours described a tense evening, with dozens of reporters waiting outside until after midnight.`,
    ];
    const rest = paragraphs(told.text);
    const wanted = wordCount(told.text) * background;
    const kept: string[] = [];
    let words = 0;
    for (const paragraph of rest.slice(1).toReversed()) {
      if (words + wordCount(paragraph) > wanted) break;
      kept.unshift(paragraph);
      words += wordCount(paragraph);
    }
    return {
      title: headlineAfter(told, chance),
      text: [...lines, ...kept].join("\n\n"),
    };
  };
}

/** A role at a company, as its board posts it: all of one company's postings share most of their words. */
export function posting(role: string, place: string): Told {
  return {
    title: `${role} - ${place}`,
    text: [
      "About Example Robotics\nExample Robotics builds machines that sort parcels in forty warehouses across nine countries. We are a team of 600 people who care about careful engineering and honest work.",
      `About the role\nWe are looking for a ${role} to join our team in ${place}. You will be part of a small group that owns its results from the first sketch to the running machine.`,
      "Responsibilities\nWork with colleagues across departments to understand what customers need. Plan your own work and report on it openly. Help to hire and to teach new colleagues. Improve how we work, week after week.",
      "Qualifications\nAt least five years of experience in a comparable position. Clear writing and speaking. Curiosity about how machines and people work together. Willingness to travel two or three times a year.",
      "What we offer\nA fair salary range that we publish, thirty days of holiday, shares in the company, a budget for books and conferences, and equipment of your own choice.",
      "Example Robotics is an equal opportunity employer. We decide without regard to race, religion, age or gender.",
    ].join("\n\n"),
  };
}

function headlineAfter({ title }: Told, chance: Chance): string {
  return pick(
    [
      `${title}: what happens next`,
      `Day after: questions remain over ${title}`,
      `Inquiry to open after ${title}`,
    ],
    chance,
  );
}

function otherFigure(was: string, chance: Chance): string {
  const at = Math.floor(chance() * was.replace(/\D/gu, "").length);
  let seen = -1;
  return was.replace(/\d/gu, (digit) => {
    seen += 1;
    return seen === at
      ? String(((Number(digit) + 2 + Math.floor(chance() * 6)) % 9) + 1)
      : digit;
  });
}
