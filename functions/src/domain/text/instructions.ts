import { splitSentences } from "./chunks.ts";
import { replaceHomoglyphs } from "./homoglyphs.ts";
import { normaliseText } from "./normalText.ts";

/** Verbs that hardly ever begin a sentence of news, except as a name: `Ignore is a new brand`. */
const commanding =
  "ignore|disregard|forget|override|bypass|unsubscribe|subscribe|click|tap|confirm|verify|send|resend|reply|respond|" +
  "download|install|reveal|disclose|repeat|pretend|translate|summari[sz]e|rewrite|paraphrase|execute|visit|donate|remit|" +
  "append|insert|replace|rearrange|scramble|jumble|anagram|misspell|augment|enhance|explain|describe|compose|tell|imagine|" +
  "remember|paste|upload|submit|email|e-mail|redirect|register|enter|act|behave|treat|assume|hurry|discover|refer|stop|obey|comply|invent";
/** Verbs that are just as often nouns or parts of names. */
const ambiguous =
  "call|contact|forward|message|text|phone|follow|join|vote|buy|order|pay|transfer|wire|deposit|approve|mark|set|assign|create|delete|remove|" +
  "update|change|add|group|combine|draft|write|say|answer|give|show|use|copy|share|scan|open|fill|complete|attach|read|find|" +
  "check|get|make|let|try|start|begin|help|keep|put|provide|include|develop|design|break|print|output|run|report|render|" +
  "substitute|convert|introduce|modify|integrate|list|do|be|become|take|look|learn|see|store|save|turn|encode|decode|ensure|review|wait|mail|post|publish|fetch|invite|raise|escalate|schedule|score|rate|rank|praise|end|merge|claim|apply|leave|reverse|recommend|quote|cite|mention";
const commands = new RegExp(`^(?:${commanding})$`, "u");
/** Commanding verbs that can also begin the name of a thing: `Download speeds`. */
const nouns =
  /^(?:e-?mail|download|install|click|tap|reply|discover|register|act|bypass|upload|stop|treat|override|insert)$/u;
/** Words that make a command of these nouns. */
const commandParticle =
  /^(?:on|at|in|for|via|from|through|into|back|immediately|today|if|until|like|yes|no|and|or|by|is)$/u;
/** Names and fixed expressions that begin like a command. */
const fixedExpression =
  /^(?:buy now,? pay later|help to buy|pay as you go|discover financial|(?:\p{L}{2,20}) (?:[\p{L}&-]{1,30} ){0,2}(?:s\.p\.a|se|ag|inc|corp|plc|ltd|llc|n\.v)(?![\p{L}]))/u;
/** Verbs that command when `to` or `with` follows; others are nouns there: `Update to the guidance`. */
const commandingTo =
  /^(?:write|say|answer|give|add|apply|attach|post|publish|vote|link|open)$/u;
/** Nouns that are numbered: `Group 1`, `Vote 2026`. */
const numbered = /^(?:update|group|post|run|vote|report|order)$/u;
const perhapsCommands = new RegExp(`^(?:${ambiguous})$`, "u");

const phrases =
  /^(?:(?:sign|log) ?(?:up|in|on|into)|break down|(?:set|apply|change|mark|rate) [\p{L}\p{Nd}]{1,30} (?:to|as) (?:the|this|your|\p{Nd})|state as|quote (?:the |this )?(?:document|sentence|line))(?!\p{L})/u;

/** What follows an ambiguous verb when it commands. */
const commandObject =
  /^(?:the|a|an|this|that|these|those|all|every|each|any|no|my|our|your|us|me|it|them|him|her|here|now|only|yourself|what|whatever|nothing|as|to|with|sure)$/u;
/** What follows when it is a name or a noun: the verb of the sentence. */
const finiteVerb =
  /^(?:is|was|are|were|has|had|have|will|would|can|could|may|might|must|should|said|says|reported|reports|announced|announces|raised|raises|agreed|agrees|acquired|acquires|appointed|appoints|named|names|launched|launches|plans|planned|won|wins|posted|posts|grew|grows|fell|falls|rose|rises|expects|expected|opened|opens|bought|buys|hired|hires|closed|closes|signed|signs|sold|sells|unveiled|unveils|reaches|reached|'s)$/u;

/** What precedes a command to catch the reader's attention. */
const leadWord =
  /(?:and|or|then|so|now|just|please|pls|kindly|simply|also|first|next|finally|immediately|always|never|instead|(?:attention|important|urgent|note|warning|reminder|update|notice)(?=[:!,>-])|hello|hi|hey|ok|okay|do not|don't|readers?|customers?|clients?|users?|everyone|all|assistant|ai|system|model|agent|bot|chatgpt|claude|llm|team|admin(?:istrator)?|developer|human|instructions?|task|step \d{1,2}|p\.?s|dear [\p{L} ]{1,30}(?=[,:!]))(?![\p{L}'])[,:!.>\s-]{0,5}/uy;

const speechVerb =
  /\b(?:said|says|told|tells|added|adds|wrote|writes|asked|stated|explained|commented|according to)\b/u;

/** Things that are the reader's own, and never news. */
const readersOwn =
  /\b(?:your|ur) (?:next |final |own |whole |entire |full |previous |prior |system |original |current |bank |card |account ){0,4}(?:answers?|repl(?:y|ies)|responses?|outputs?|messages?|summary|report|card|cards|instructions?|prompts?|rules|guidelines|training|task|role|passwords?|passcode|pin|credentials?|log-?in|api[- ]keys?|secrets?|details|account number|identity|inbox|data)\b/u;
// bounded: a sentence, a title or a claim of at most 4,000 characters
const orders = new RegExp(
  String.raw`\b(?:(?:you|u)(?:'re| are| have been| will)? (?:now |hereby |also )?(?:must|need to|have to|should|shall|can|may|are to|required to|asked to|instructed to|advised to|urged to|requested to|invited to|ordered to|told to|free to|want to|wish to|instructed|now)|the (?:ai|assistant|model|reader|agent)(?: ai| assistant| model| agent)?(?: is| will)? (?:now |hereby |also )?(?:must|needs? to|has to|have to|should|shall|required to|asked to|instructed to|ordered to|told to)) (?:also |now |immediately |always |never |not |only ){0,2}(?:${commanding}|approve|delete|transfer|pay|call|contact|write|answer|add|include|mark|set|follow|obey|log|sign|say|give|share|use|create|update|act|be an?|in)\b`,
  "u",
);
const aboutTheModel =
  /\b(?:you are (?:now )?(?:an? )?(?:dan|ai|assistant|language model|unrestricted|free|in (?:developer|debug|god|admin|jailbreak)\b)|as an? (?:ai|assistant|(?:large )?language model)(?: (?:language model|model|assistant|agent))?,? (?:you|your|please|do not|never|always|ignore|it)\b|(?:ai|language) (?:model|assistant|agent)s? (?:reading|processing|summari[sz]ing|that reads?|which reads?|who reads?|must|should)\b|(?:these|previous|prior|above|earlier|new|system|hidden) (?:instructions|prompt)\b.{0,40}\b(?:void|cancelled|revoked|replaced|overridden|apply|no longer|obsolete|supersede|override)|from now on you\b|readers? of this (?:card|page|text|message|document|note)\b|you (?:are (?:now|the (?:new )?(?:admin|system|owner))|(?:will )?(?:write|answer|say|obey|do) (?:only )?what you\b)|we (?:ask|invite|urge|encourage|advise|want|need) you to\b|to (?:whom|whoever) (?:reads|processes)|(?:click|tap|press) (?:here|below|the link|this link|on the link)\b)/u;
/** Parts of a conversation with a program: the name of a role, a tag, a tool call, a fence. */
const protocol =
  /^\s*(?:(?:system|assistant|user|human|developer|admin|tool|function)(?: (?:message|prompt|note|notice|override|alert|update))? ?[:>\]]|operator(?: (?:message|prompt|note|notice|override|alert|update|instruction)s? ?:|[>\]])|<!--|<[/|!]?\s?[a-z_|]|\[\/?(?:inst|system|assistant|user)|<<|#{1,6} ?(?:system|instruction|assistant|user|new)|```|\{\s?["'{]|\[\s?\{|(?:begin|end) (?:of )?(?:system|document|instructions?|prompt|context|evidence)\b|-{2,} ?(?:begin|end|system|new)|---)|\b(?:im_start|im_end|endoftext|tool_call|tool_use|function_call|tool_choice)\b|"(?:tool|role|function|action|arguments|claims|outreach)"\s?:/u;
/** Letters spaced out. */
const spacedOut = /(?<!\S)\p{L}(?: \p{L}(?!\S)){7}/u;
/** Encoded text instead of words; a long word alone is not. */
const code = /[a-z0-9+/]{40}/giu;
const question = /[?？¿]["”'’)\]\s]*$/u;

/** Commands in Ukrainian, Russian, German, French, Spanish, Polish and Chinese, by the endings of their verbs or by their politeness. */
const otherLanguages = [
  /^(?:будь ласка|прошу|пожалуйста)(?![\p{L}])/u,
  /^(?!(?:сіть|мідь|навіть|стоїть|століть)(?!\p{L}))(?:не )?\p{L}{2,20}(?:іть|їть|йте|ьте|ите)(?:ся|сь)?(?!\p{L})/u,
  /^(?:не )?(?:ігноруй|забудь|надішли|натисни|перейди|підтверди|напиши|додай|скажи|відповідай|видали|игнорируй|отправь|нажми|перейди|подтверди|напиши|добавь)(?!\p{L})/u,
  /^(?:bitte\b(?! ein bit\b)|ignoriere\b|vergiss\b|klicke?\b(?! ?[&+-])|schreibe?\b(?!-)|antworte\b|bestätige\b|sende\b|füge\b)/u,
  /^(?:veuillez|merci de|(?:n')?(?:cliqu|confirm|ignor|envoy|répond|abonn|inscriv|télécharg|visit|écriv|transfér|oubli|ajout|contact|appel|saisiss|connect|vérifi|rempliss|traduis|copi|partag|donn|suiv|pay|vers|rend|laiss)ez|dites|faites)(?![\p{L}-])/u,
  /^(?:por favor|haga clic|haz clic|ignora|ignore las|confirme su|confirma tu|envía|envíe|escribe|olvida|responde)(?!\p{L})/u,
  /^(?:kliknij|potwierdź|zignoruj|wyślij|proszę|clicca|conferma(?! d)|invia|ignora|clique|confirme|ignore as)(?!\p{L})/u,
  /^(?:sie müssen|sie sollten|du musst|du sollst)(?!\p{L}).{0,80}(?:passwort|kennwort|portal|link|konto|karte|anmelden)(?!\p{L})/u,
  /^(?:überweise|ignoriere?|lösche|öffne)(?![\p{L}-])/u,
  /^(?:vous devez|vous êtes pri|transmets)(?!\p{L}{3})/u,
  /^(?:(?:ви повинні|ви маєте|ви мусите|ти повинен|вы должны)(?!\p{L})|(?:зателефонуй|переведи)(?!\p{L})|переказати \p{Nd})/u,
  /^(?:leak|dump|echo|expose) (?:the|your|all) (?:\p{L}{1,20} ){0,2}(?:prompt|instructions|secrets)(?!\p{L})/u,
  /^(?:go|head|proceed|navigate|browse) to .{0,60}\b(?:portal|website|page|link)\b/u,
  /^(?:reset|renew|change) (?:the|your|their) passwords?(?!\p{L})/u,
  /^(?:请|請|忽略|点击|點擊|无视|クリック|無視)/u,
];

/** A polite German command; lower-case `sie` is somebody else. */
const politeGerman =
  /(?:^|[,:] )(?:[Bb]itte |[Nn]un )?\p{L}{2,20}(?:en Sie|EN SIE)(?!\p{L})/u;

/** Verbs that never begin a duty in a job posting. */
const notDuties =
  /^(?:ignore|disregard|forget|unsubscribe|subscribe|click|tap|reveal|disclose|repeat|pretend|donate|remember|tell|replace|visit)$/u;
/** Verbs that begin a duty unless their object is the reader's: `Verify invoices`. */
const perhapsDuties =
  /^(?:confirm|verify|send|resend|forward|reply|respond|download|install|e-?mail|upload|submit|register|enter)$/u;
const readerObject =
  /^(?:the|an?|this|that|these|those|all|every|my|our|your|us|me|it|them|him|her|here|now|yourself|\p{Nd}.{0,20})$/u;

/**
 * Whether a sentence tells its reader, or a program that reads it, what to do, or asks them something: that is
 * nobody's news. Quoted speech does not count. In a posting, verbs list the duties of a role.
 */
export function isInstruction(
  sentence: string,
  { isPosting = false }: { readonly isPosting?: boolean } = {},
): boolean {
  const plain = removeSpeech(toLegible(sentence));
  const text = plain.toLowerCase();
  if (protocol.test(text) || isDisguised(plain)) return true;
  if (question.test(plain) || aboutTheModel.test(text)) return true;
  if (!isPosting && (readersOwn.test(text) || orders.test(text))) return true;
  return plain
    .split(sentenceEnd)
    .flatMap(splitCondition)
    .some((part) =>
      splitClauses(part).some(
        (clause, i) =>
          isCommand(clause, { isPosting, isFirst: i === 0 }) ||
          politeGerman.test(clause) ||
          otherLanguages.some((pattern) => pattern.test(clause.toLowerCase())),
      ),
    );
}

function isDisguised(text: string): boolean {
  return (
    spacedOut.test(text) ||
    (text.match(code) ?? []).some((one) => /\d|\+|[a-z][A-Z]/u.test(one))
  );
}

/** Whether one of a text's sentences is an instruction. */
export function hasInstruction(
  text: string,
  options: { readonly isPosting?: boolean } = {},
): boolean {
  return splitSentences(text).some((sentence) =>
    isInstruction(sentence.text, options),
  );
}

/** The text with spaces, letter for letter, in place of every sentence that `is` picks, so that all else keeps its place. */
export function blankSentences(
  text: string,
  is: (sentence: string) => boolean,
): string {
  let at = 0;
  let left = "";
  for (const { start, end, text: sentence } of splitSentences(text)) {
    if (!is(sentence)) continue;
    left += text.slice(at, start) + " ".repeat(end - start);
    at = end;
  }
  return left + text.slice(at);
}

/** The text as a reader sees it: without disguises, and with one kind of apostrophe. */
function toLegible(text: string): string {
  return normaliseText(text)
    .replace(/[’ʼ]/gu, "'")
    .replace(/\p{L}{2,60}/gu, (word) =>
      /[a-z]/iu.test(word) && /[^\p{scx=Latin}]/u.test(word)
        ? replaceHomoglyphs(word)
        : word,
    );
}

/** The text without its quotations, where it says that somebody said them. */
function removeSpeech(text: string): string {
  const left = text.replace(
    /"[^"]{1,600}"|“[^“”]{1,600}”|«[^«»]{1,600}»/gu,
    " ",
  );
  return speechVerb.test(left) ? left : text;
}

const sentenceEnd = /(?<=[^\s.][.!?…。！？]["”')\]]{0,3})\s+|\n/u;

const condition =
  /^[^\p{L}]{0,5}(?:to|if|for|when|before|after|once|in order|dear|hello|hi|attention|please|readers|customers|assistant)\b[^,]{0,120},\s/iu;

/** The sentence, and the part after its condition: `To continue, confirm …`. */
function splitCondition(sentence: string): readonly string[] {
  const before = condition.exec(sentence)?.[0];
  return before === undefined
    ? [sentence]
    : [sentence, sentence.slice(before.length)];
}

function splitClauses(text: string): readonly string[] {
  return text
    .split(/[;|•–—]|:\s|\s[.-]\s|,\s(?=(?:please|kindly|then|just|so)\s)/giu)
    .map((clause) => clause.replace(/^[^\p{L}]+/u, ""))
    .filter((clause) => clause !== "");
}

function isCommand(
  clause: string,
  {
    isPosting,
    isFirst,
  }: { readonly isPosting: boolean; readonly isFirst: boolean },
): boolean {
  const lower = clause.toLowerCase();
  const led = leadInLength(lower);
  const words = clause.slice(led).match(/[\p{L}\p{Nd}'-]+/gu) ?? [];
  const [verb = "", next = ""] = words.slice(0, 2).map((w) => w.toLowerCase());
  const isPolite = /(?:please|kindly|do not|don't|never|always)\b/u.test(
    lower.slice(0, led),
  );
  if (phrases.test(lower.slice(led))) return true;
  if (finiteVerb.test(next) || next.endsWith("'s")) return false;
  if (fixedExpression.test(lower.slice(led)) && !isPolite) return false;
  if (/^\p{Lu}/u.test(words[1] ?? "") && isStatementAbout(words)) return false;
  if (isPosting)
    return (
      isNoDuty(verb, words[1] ?? "") || (isPolite && perhapsDuties.test(verb))
    );
  const isAddressed = isPolite || commandObject.test(next);
  if (commands.test(verb))
    return (
      words.length > 1 &&
      (isAddressed ||
        !nouns.test(verb) ||
        commandParticle.test(next) ||
        /^[\p{Lu}\p{Nd}]/u.test(words[1] ?? ""))
    );
  if (!perhapsCommands.test(verb)) return false;
  // In a list of what somebody did or will do, it is no command.
  if (!isFirst && !isPolite) return false;
  if (/^(?:to|with)$/u.test(next) && !isPolite) return commandingTo.test(verb);
  if (isAddressed) return true;
  // News agencies number their updates.
  return !numbered.test(verb) && /^\p{Nd}/u.test(next);
}

/** Whether a sentence that begins with these words is not a duty in a posting. */
function isNoDuty(verb: string, next: string): boolean {
  if (next === "") return false;
  return (
    notDuties.test(verb) ||
    (perhapsDuties.test(verb) &&
      (readerObject.test(next.toLowerCase()) || /^\p{Lu}/u.test(next)))
  );
}

/** Whether the words begin a statement about something with that name: `Click Therapeutics raised`. */
function isStatementAbout(words: readonly string[]): boolean {
  return words.slice(2, 8).some((word) => finiteVerb.test(word.toLowerCase()));
}

/** The length of what precedes the command. */
function leadInLength(clause: string): number {
  let end = 0;
  leadWord.lastIndex = 0;
  while (leadWord.test(clause)) end = leadWord.lastIndex;
  return end;
}
