/** A form that companies file with SEC, as somebody who sells to them would put it. */
interface SecForm {
  /** What it is called in plain words. */
  readonly name: string;
  /** What it tells whoever sells to the company. */
  readonly tells: string;
}

/** The forms by their SEC names without amendments, what they are called and what they tell (SEC, Forms Index; SEC, EDGAR Filer Manual, Submission Types). */
const secForms: readonly (readonly [string, string, string])[] = [
  [
    "8-K",
    "current report",
    "Something happened that holders of its shares should know at once.",
  ],
  [
    "10-Q",
    "quarterly report",
    "How the quarter went, and what management says of it.",
  ],
  [
    "10-QT",
    "transition report for a short period",
    "Its fiscal year moves, and with it the time of its budgets.",
  ],
  [
    "10-K",
    "annual report",
    "Business, risks, strategy and results of the year.",
  ],
  [
    "10-KT",
    "annual transition report",
    "Its fiscal year moves, and with it the time of its budgets.",
  ],
  [
    "20-F",
    "annual report of a foreign company",
    "Business, risks, strategy and results of the year.",
  ],
  [
    "40-F",
    "annual report of a Canadian company",
    "Business, risks, strategy and results of the year.",
  ],
  [
    "6-K",
    "current report of a foreign company",
    "What it made public at home: results, deals, changes at the top.",
  ],
  [
    "S-1",
    "registration of new shares",
    "It goes public or raises money, and says what for.",
  ],
  ["S-3", "short registration of securities", "It prepares to raise money."],
  [
    "S-4",
    "registration for a merger",
    "It merges or buys another company, and says on what terms.",
  ],
  [
    "S-8",
    "registration of shares for employees",
    "A plan by which employees receive shares.",
  ],
  [
    "F-1",
    "registration of new shares of a foreign company",
    "It goes public or raises money, and says what for.",
  ],
  [
    "F-4",
    "registration for a merger by a foreign company",
    "It merges or buys another company, and says on what terms.",
  ],
  ["424B", "prospectus", "The terms on which it raises money."],
  [
    "FWP",
    "free writing prospectus",
    "What it tells investors while it raises money.",
  ],
  [
    "D",
    "notice of a private placement",
    "It raised money from a few investors.",
  ],
  [
    "DEF 14A",
    "proxy statement",
    "Who leads it, what they are paid for, and what is voted on.",
  ],
  [
    "DEFA14A",
    "additional proxy material",
    "What it argues before a vote of its shareholders.",
  ],
  ["PRE 14A", "draft of a proxy statement", "What is to be voted on."],
  [
    "DEFM14A",
    "proxy statement on a merger",
    "Its shareholders vote on a merger.",
  ],
  [
    "425",
    "communication about a merger",
    "What it tells about a merger under way.",
  ],
  ["SC TO-T", "tender offer", "Somebody offers to buy its shares."],
  [
    "SC 14D9",
    "answer to a tender offer",
    "What its board thinks of an offer for its shares.",
  ],
  [
    "SC 13D",
    "report of an active holder of over 5 %",
    "An investor who may press for change, and what they want.",
  ],
  [
    "SC 13G",
    "report of a passive holder of over 5 %",
    "Who holds much of it, without a wish to change it.",
  ],
  [
    "13F-HR",
    "holdings of an investment manager",
    "What it holds in other companies.",
  ],
  [
    "3",
    "first statement of an insider's shares",
    "Somebody became a director, officer or large holder.",
  ],
  [
    "4",
    "change of an insider's shares",
    "A director, officer or large holder bought or sold.",
  ],
  [
    "5",
    "yearly statement of an insider's shares",
    "What a director, officer or large holder had not reported before.",
  ],
  [
    "144",
    "notice of a sale by an insider",
    "An insider is about to sell shares.",
  ],
  [
    "NT 10-K",
    "notice of a late annual report",
    "Its annual report is late, and why.",
  ],
  [
    "NT 10-Q",
    "notice of a late quarterly report",
    "Its quarterly report is late, and why.",
  ],
  [
    "11-K",
    "annual report of a savings plan for employees",
    "What its employees' savings plan holds.",
  ],
  [
    "SD",
    "specialised disclosure",
    "Where its minerals come from, or what it pays to governments.",
  ],
  ["25", "notice of delisting", "Its securities leave an exchange."],
  ["15-12G", "end of registration", "It stops reporting to SEC."],
  [
    "CORRESP",
    "letter to SEC",
    "How it answers SEC's questions about its reports.",
  ],
  ["UPLOAD", "letter from SEC", "What SEC asks about its reports."],
];

/** The forms that are polled unless a source names others; what insiders hold and sell is not among them. */
export const defaultForms: readonly string[] = [
  "8-K",
  "10-Q",
  "10-K",
  "20-F",
  "6-K",
  "40-F",
  "S-1",
  "S-4",
  "DEF 14A",
  "SC 13D",
];

/** Whether a form amends another. */
export function isAmendment(form: string): boolean {
  return form.endsWith("/A");
}

/** A form without its amendment, by the name under which it is known: SEC calls SC 13D and 13G "SCHEDULE 13D" and "13G" since December 2024. */
export function rootForm(form: string): string {
  return form.replace(/\/A$/u, "").replace(/^SCHEDULE 13/u, "SC 13");
}

/** Whether a form, amended or not, is one of these; "424B" stands for all of its kinds. */
export function isAmongForms(form: string, wanted: readonly string[]): boolean {
  const root = rootForm(form);
  return wanted.map(rootForm).some((w) => w === root || w === formFamily(root));
}

/** The names under which SEC's own search knows these forms; amendments come with them. */
export function searchedForms(wanted: readonly string[]): readonly string[] {
  return wanted.map(rootForm).flatMap((form) => {
    if (form === "424B")
      return [1, 2, 3, 4, 5, 7, 8].map((kind) => `424B${kind}`);
    return /^SC 13[DG]$/u.test(form)
      ? [form, form.replace("SC", "SCHEDULE")]
      : [form];
  });
}

/** What is known of a form, amended or not; null where it is a rare one. */
export function secForm(form: string): SecForm | null {
  const family = formFamily(rootForm(form));
  const known = secForms.find(([form]) => form === family);
  return known === undefined ? null : { name: known[1], tells: known[2] };
}

function formFamily(root: string): string {
  return root.replace(/^424B\d$/u, "424B");
}
