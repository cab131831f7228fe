/** Where a report was filed, at the beginning of its first line: a place, a day, an agency, a dash. */
export const dateline =
  /^(?:.{0,70}?(?:\([\p{L} ]{2,25}\)|\/[\p{L} ]{4,25}\/) ?[-–—]{1,2} ?|\p{Lu}[\p{Lu} .,]{2,40}(?:\p{Lu}\p{Ll}{2,8}\.? \d{1,2}(?:, \d{4})?)? ?(?:--|[–—]) )/u;

/**
 * Sentences, in lower case, that publishers, companies and authorities put around any story or form; they say nothing
 * about it.
 */
// bounded: a sentence of at most 1,000 characters
const notices: readonly RegExp[] = [
  /\bcookies?\b.*\b(?:use|accept|consent|device|browser|settings)\b|\b(?:use|accept|consent).*\bcookies\b/u,
  /\byour (?:inbox|device|choices|preferences|consent|subscription|privacy)\b|\bby (?:signing up|clicking|continuing|subscribing)\b/u,
  /\b(?:sign ?up (?:for|to)|subscribe|subscribers?\b.*\baccess|newsletters?|free articles?|log ?in|sign in|my account|unsubscribe)\b/u,
  /\bprivacy (?:policy|notice|centre|center)|\bterms (?:of|and) (?:service|use|conditions)\b/u,
  /\ball rights reserved\b|\bcopyright\b|©|\bmay not be (?:published|reproduced|redistributed)\b/u,
  /\b(?:follow|like|find|join) us (?:on|at)\b|\bdownload (?:our|the) app\b|\bshare (?:this|on)\b|\bfacebook,? (?:and )?(?:twitter|linkedin|whatsapp)\b/u,
  /^\W*(?:advertisement|advertorial|sponsored|read more|read also|see also|also read|continue reading|click here|more from|watch:|listen:|tags?:|topics?:|filed under|home [>»])/u,
  /\bcontinue reading the main story\b|\bclick here\b|^\W*\d+ comments?\W*$|\b\d+ min(?:ute)?s? read\b/u,
  /^\W*(?:reporting|writing|editing|additional reporting|edited|compiled) by\b|\bcontributed (?:to this|reporting)\b/u,
  /^\W*by [\p{L}.' -]{3,40}(?:, .{0,60})?$/u,
  /^\W*(?:published|posted|updated|last (?:updated|modified)|first published)\b.{0,20}\d/u,
  /^\W*(?:image|photo|picture|file photo)\b.{0,3}:|\((?:photo|image|picture|ap photo|file)\b|\bgetty images\b|\bphoto (?:by|credit|courtesy)\b/u,
  /\bforward.looking statements?\b|\bactual results\b.*\bdiffer\b|\bno obligation to\b|\bprivate securities litigation\b|\bsafe harbou?r\b/u,
  /\b(?:views|opinions) expressed\b|\bpast performance\b|\b(?:investment|financial|legal) advice\b|\binformation(?:al)? purposes only\b/u,
  /\bnews tip\b|\bfor (?:more|further|additional) information\b|^\W*(?:media|press|investor)s? (?:contacts?|inquiries|relations)\b|\btrademarks?\b.*\b(?:owners?|registered|respective)\b/u,
  /^.{2,60} (?:is|are) (?:the|a|an|one of the)\b.{0,40}\blead(?:er|ers|ing)\b/u,
  /\bcheck the appropriate box\b|\bindicate by check ?mark\b|\bcommission file number\b|\bemployer identification\b|\bexact name of (?:the )?registrant\b/u,
  /\bregistrant's telephone\b|\btitle of each class\b|\bemerging growth company\b|\bduly caused this report\b|\bpursuant to (?:the requirements of|rule|section)\b/u,
  /\bincorporated by reference\b|\b(?:not|nor shall it) be deemed\b/u,
  /\bequal (?:employment )?opportunity\b|\bregardless of race\b|\breasonable accommodations?\b|\bwithout regard to race\b/u,
];

/** In characters; a longer sentence is not a notice, and not worth the time to search it. */
const longestNotice = 1000;

/** Whether a sentence is of the kind that surrounds stories. */
export function isNotice(sentence: string): boolean {
  if (sentence.length > longestNotice) return false;
  const lower = sentence.toLowerCase();
  return notices.some((notice) => notice.test(lower));
}

/** Whether a line is the heading of a list of other stories. */
export function opensList(line: string): boolean {
  return /^\W*(?:related|read more|read next|more (?:on|from|stories|news)|most (?:read|popular)|recommended|trending|you may also|see also|editor'?s picks|top stories|latest news|don't miss)\b[^.]{0,40}$/iu.test(
    line,
  );
}

/** Whether a line is the heading under which a company describes itself. */
export function opensAbout(line: string): boolean {
  return /^About \p{Lu}[^.!?]{1,50}$/u.test(line);
}

/**
 * Whether a text says that it corrects or follows up on an earlier one, in the words of agencies' and papers'
 * corrections policies (Reuters Handbook, AP Stylebook, New York Times).
 */
export function isCorrection(text: string): boolean {
  return corrections.some((words) => words.test(text));
}

const corrections: readonly RegExp[] = [
  /(?:^|[.!?]['"”]? |[-–—] )[^\p{L}\n]{0,9}(?:correct(?:ed|ion|s)|clarification|refile|editor'?s note|erratum|errata|korrektur|berichtigung|correctif|rectificatif|correcci[oó]n|corre[cç][aã]o|rettifica|исправлен[а-я]{0,8}|виправлен\p{L}{0,8}|уточнен\p{L}{0,8})(?: ?\d{1,9})?(?: ?\([^)]{0,40}\))? ?[-:–—]/imu,
  /(?:^|[.!?]['"”]? |[-–—] )[^\p{L}\n]{0,9}updated?(?: ?\d{1,9})? ?[-:–—](?! ?(?:\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)))/imu,
  /\b(?:earlier|previous|original|prior|initial) version of (?:this|the|our) (?:article|story|report|post|headline|release|piece)\b/iu,
  /\bth(?:is|e) (?:article|story|report|post|headline|piece|release) (?:has been|was|is) (?:corrected|amended|updated (?:to|with)|revised)\b/iu,
  /\b(?:corrects|corrected|correcting) (?:the |an? )?(?:para|headline|figure|name|spelling|day|date|number|attribution|first|second|third|to (?:show|say|reflect|read))/iu,
  /\b(?:article|story|report|version|headline|post|we)\b.{0,60}\b(?:misstated|misidentified|misspelled|misreported|incorrectly|erroneously)\b/iu,
];

/** Whether a text is worded like a job posting; news about hiring has a few of these words, a posting many. */
export function offersWork(text: string): boolean {
  return new Set(text.toLowerCase().match(postingWords)).size >= 5;
}

const postingWords =
  /\b(?:you will|you['’]ll|you have|your (?:role|experience|skills|application|team|career)|responsibilities|qualifications|requirements|years of (?:\w{1,40} ){0,3}experience|experience (?:in|with|working)|equal opportunity|about the (?:role|job|position|team)|about you|who you are|apply now|applicants?|candidates?|we(?: are|['’]re) (?:looking|hiring|seeking)|join (?:our|the) team|nice to have|hiring|recruit\w*|full.time|the ideal|proficien\w+|stakeholders)\b/gu;
