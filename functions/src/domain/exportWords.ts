import { z } from "zod";
import type { Provenance } from "./document.ts";
import type { Claim } from "./claims.ts";
import type { Card, OpportunityStatus } from "./opportunity.ts";
import type { Factor } from "./scoring.ts";
import type { Category } from "./signal.ts";

/** The languages that exported documents speak. */
export const Language = z.enum(["en", "uk"]);
export type Language = z.infer<typeof Language>;

interface Tables {
  readonly status: Readonly<Record<OpportunityStatus, string>>;
  readonly category: Readonly<Record<Category, string>>;
  readonly factor: Readonly<Record<Factor, string>>;
  readonly claim: Readonly<Record<Claim["kind"], string>>;
  readonly channel: Readonly<
    Record<Card["outreach"][number]["channel"], string>
  >;
  readonly provenance: Readonly<Record<Provenance, string>>;
}

const en = {
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
  status: {
    draft: "Being redrafted",
    in_review: "To review",
    approved: "Approved",
    activating: "Writing to CRM",
    activated: "In the CRM",
    partially_activated: "Partly in the CRM",
    activation_failed: "CRM write failed",
    rejected: "Rejected",
    snoozed: "Snoozed",
    expired: "Expired",
  },
  category: {
    leadership_change: "Leadership change",
    acquisition: "Acquisition",
    earnings: "Earnings",
    funding: "Funding",
    partnership: "Partnership",
    product_launch: "Product launch",
    expansion: "Expansion",
    hiring: "Hiring",
    restructuring: "Restructuring",
    legal: "Legal",
    security_incident: "Security incident",
    governance: "Governance",
    deal_event: "Deal event",
    other: "Other",
  },
  factor: {
    impact: "Impact",
    urgency: "Urgency",
    fit: "Fit",
    access: "Access",
    feasibility: "Feasibility",
    confidence: "Confidence",
  },
  claim: { FOUND: "Found", CALCULATED: "Calculated", INFERRED: "Inferred" },
  channel: { email: "E-mail", call: "Call" },
  provenance: { live: "Live", mock: "Demo data", lab: "Lab data" },
  step: {
    written: "Card written",
    "more evidence": "More evidence came",
    rewritten: "Redrafted",
    approve: "Approved",
    withdraw: "Approval taken back",
    reject: "Rejected",
    reopen: "Reopened",
    refine: "New draft asked for",
    "outreach edited": "Outreach edited",
    snooze: "Snoozed",
    wake: "Woken",
    escalated: "Escalated to the lead",
    expire: "Expired",
    retry: "CRM write asked for again",
  },
} satisfies Tables & Record<string, unknown>;

/** All that an exported document says of itself, in one language. */
export type Words = typeof en;

const uk: Words = {
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
  status: {
    draft: "Переписується",
    in_review: "На розгляд",
    approved: "Схвалено",
    activating: "Записується в CRM",
    activated: "У CRM",
    partially_activated: "Частково в CRM",
    activation_failed: "Запис у CRM не вдався",
    rejected: "Відхилено",
    snoozed: "Відкладено",
    expired: "Прострочено",
  },
  category: {
    leadership_change: "Зміна керівництва",
    acquisition: "Придбання",
    earnings: "Звітність",
    funding: "Інвестиції",
    partnership: "Партнерство",
    product_launch: "Запуск продукту",
    expansion: "Розширення",
    hiring: "Набір персоналу",
    restructuring: "Реструктуризація",
    legal: "Правові питання",
    security_incident: "Інцидент безпеки",
    governance: "Управління",
    deal_event: "Подія угоди",
    other: "Інше",
  },
  factor: {
    impact: "Вплив",
    urgency: "Терміновість",
    fit: "Відповідність",
    access: "Доступ",
    feasibility: "Здійсненність",
    confidence: "Певність",
  },
  claim: { FOUND: "Знайдено", CALCULATED: "Обчислено", INFERRED: "Висновок" },
  channel: { email: "Лист", call: "Дзвінок" },
  provenance: { live: "Справжні", mock: "Демонстраційні", lab: "Лабораторні" },
  step: {
    written: "Картку написано",
    "more evidence": "З'явилися нові докази",
    rewritten: "Картку переписано",
    approve: "Схвалено",
    withdraw: "Схвалення відкликано",
    reject: "Відхилено",
    reopen: "Відкрито знову",
    refine: "Замовлено нову чернетку",
    "outreach edited": "Звернення відредаговано",
    snooze: "Відкладено",
    wake: "Повернуто на розгляд",
    escalated: "Передано керівникові",
    expire: "Термін минув",
    retry: "Запис до CRM замовлено знову",
  },
};

/** What documents say, by language. */
export const wordsIn: Readonly<Record<Language, Words>> = { en, uk };

/** Says moments in a language, in UTC, since the reader's zone is not known on paper. */
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
