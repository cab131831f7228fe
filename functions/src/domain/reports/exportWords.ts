import { z } from "zod";
import { englishNames } from "./englishNames.ts";
import { ukrainianNames } from "./ukrainianNames.ts";

/** The languages of exported documents. */
export const Language = z.enum(["en", "uk"]);
export type Language = z.infer<typeof Language>;

const en = {
  ...englishNames,
  card: "Opportunity card",
  inbox: "Inbox",
  account: "Account",
  title: "Opportunity",
  categoryName: "Category",
  statusName: "Status",
  score: "Score",
  of100: "of 100",
  due: "To be reviewed by",
  snoozedUntil: "Snoozed until",
  received: "Received",
  writtenBy: "Written by",
  version: "Version",
  data: "Data",
  factors: "Score: what it is made of",
  weights: "weights",
  share: "weight",
  claims: "What is claimed, and why",
  published: "Published",
  archived: "archived",
  licence: "Licence",
  verified: "Checked at the export: the archived text says exactly this.",
  unverified:
    "Warning: this quote no longer matches the archived text. It is not proven; do not rely on it.",
  lost: "Warning: the quote behind this claim was lost or altered. It is not proven; do not rely on it.",
  formula: "Calculated",
  basis: "Inferred from claims",
  inferred: "a conclusion to be checked by a person",
  gaps: "Missing when this was written",
  playbook: "Playbook",
  assets: "What may help",
  outreach: "Outreach drafts",
  outreachNote: "Drafts; nothing was sent from here.",
  history: "History",
  newest: "the newest steps only",
  when: "When",
  who: "Who",
  what: "What",
  standing: "Status then",
  note: "Note",
  shown: "Cards shown",
  first: "The cards with the highest scores; there are more.",
  filter: "Filter",
  every: "All statuses",
  atLeast: "Score at least",
  empty: "No card fits this filter.",
  exported: "Exported",
  exportedBy: "by",
  page: "Page {page} of {pages}",
  house: "ClientPulse",
  provenance: { live: "Live", mock: "Demo data", lab: "Lab data" },
};

/** All fixed wording of an exported document, in one language. */
export type Words = typeof en;

const uk: Words = {
  ...ukrainianNames,
  card: "Картка можливості",
  inbox: "Вхідні",
  account: "Клієнт",
  title: "Можливість",
  categoryName: "Категорія",
  statusName: "Стан",
  score: "Оцінка",
  of100: "зі 100",
  due: "Розглянути до",
  snoozedUntil: "Відкладено до",
  received: "Отримано",
  writtenBy: "Автор",
  version: "Версія",
  data: "Дані",
  factors: "З чого складається оцінка",
  weights: "ваги",
  share: "вага",
  claims: "Що тут сказано і чому",
  published: "Опубліковано",
  archived: "архівовано",
  licence: "Ліцензія",
  verified:
    "Перевірено під час експорту: в архівованому тексті сказано саме так.",
  unverified:
    "Увага: ця цитата більше не збігається з архівованим текстом. Її не доведено; не покладайтеся на неї.",
  lost: "Увага: цитату, на яку спирається твердження, втрачено або змінено. Його не доведено; не покладайтеся на нього.",
  formula: "Обчислено",
  basis: "Висновок із тверджень",
  inferred: "має перевірити людина",
  gaps: "Бракувало під час написання",
  playbook: "Сценарій",
  assets: "Що може допомогти",
  outreach: "Чернетки звернень",
  outreachNote: "Чернетки; звідси нічого не надсилалося.",
  history: "Історія",
  newest: "лише найновіші кроки",
  when: "Коли",
  who: "Хто",
  what: "Що",
  standing: "Стан потому",
  note: "Примітка",
  shown: "Показано карток",
  first: "Картки з найвищими оцінками; є ще інші.",
  filter: "Фільтр",
  every: "Усі стани",
  atLeast: "Оцінка щонайменше",
  empty: "Жодна картка не відповідає фільтру.",
  exported: "Експортовано",
  exportedBy: "·",
  page: "Сторінка {page} з {pages}",
  house: "ClientPulse",
  provenance: { live: "Справжні", mock: "Демонстраційні", lab: "Лабораторні" },
};

/** The wording of exported documents, by language. */
export const wordsIn: Readonly<Record<Language, Words>> = { en, uk };

/** Formats moments in a language, in UTC, since the reader's zone is not known on paper. */
export function momentsIn(language: Language): {
  readonly full: (at: Date) => string;
  readonly day: (at: Date) => string;
} {
  const date = {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  } as const;
  const day = new Intl.DateTimeFormat(language, date);
  const full = new Intl.DateTimeFormat(language, {
    ...date,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  });
  return { full: (at) => full.format(at), day: (at) => day.format(at) };
}
