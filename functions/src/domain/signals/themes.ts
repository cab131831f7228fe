import { z } from "zod";
import { toWords } from "../kernel/words.ts";

/** What a document may be about besides its category. */
export const Theme = z.enum([
  "ai",
  "cloud",
  "cybersecurity",
  "data_platform",
  "automation",
  "erp_crm",
  "digital_commerce",
  "payments",
  "customer_experience",
  "cost_cutting",
  "supply_chain",
  "manufacturing",
  "sustainability",
  "energy",
  "regulation",
  "workforce",
  "leadership",
  "merger_integration",
  "international_expansion",
  "real_estate",
  "research",
  "pricing",
]);
export type Theme = z.infer<typeof Theme>;

/** How many are kept per document. */
export const mostThemes = 10;

/**
 * How each theme is recognised: stems of words count one, those after “=”, which suffice alone, three. A stem is the
 * beginning of a word or of consecutive words, in English, German and Ukrainian.
 */
const stems: Readonly<Record<Theme, string>> = {
  ai: "=artificial intelligence, =generative ai, =machine learning, =large language model, =künstliche intelligenz, =künstlicher intelligenz, =штучн інтелект, =машинн навчан, ai$, ki$, llm, copilot$, chatbot, neural, нейромереж",
  cloud:
    "=cloud migration, =cloud infrastructure, =cloud computing, =public cloud, =hybrid cloud, =хмарн, cloud, aws$, azure, gcp$, kubernetes, saas, data cent, rechenzentr, дата центр",
  cybersecurity:
    "=cybersecurity, =cyber security, =cyberattack, =cyber attack, =ransomware, =data breach, =zero trust, =cyberangriff, =it sicherheit, =кібербезпек, =кібератак, =security incident, phishing, malware, vulnerabilit, firewall, soc 2, iso 27001",
  data_platform:
    "=data platform, =data warehouse, =data lake, =data engineer, =datenplattform, =платформ даних, analytics, snowflake, databricks, etl$, business intelligence, big data, dashboards",
  automation:
    "=automation, =automatisierung, =автоматизац, =robotic process, robot, workflow, rpa$, автоматиз",
  erp_crm:
    "=erp system, =sap s 4hana, =s 4hana, =erp$, =crm system, salesforce, sap$, dynamics 365, netsuite, workday",
  digital_commerce:
    "=e commerce, =ecommerce, =online shop, =digital commerce, =marketplace, =onlinehandel, =електронн комерц, =інтернет магазин, omnichannel, checkout, online store, online sales, shopify",
  payments:
    "=payment, =zahlungsverkehr, =платіжн, =fintech, digital wallet, instant pay, stripe$, kreditkart, card issu",
  customer_experience:
    "=customer experience, =kundenerlebnis, =kundenservice, =клієнтськ досвід, =call cent, =contact cent, customer service, customer satisfaction, nps$, loyalty program, kundenzufriedenheit",
  cost_cutting:
    "=cost cutting, =cost reduction, =cost saving, =layoff, =job cuts, =restructuring, =sparprogramm, =stellenabbau, =скороченн витрат, =скороченн персонал, =laid off, efficienc, headcount reduc, severance, kosten senk, einsparung, реструктуризац",
  supply_chain:
    "=supply chain, =lieferkette, =ланцюг постачан, =ланцюг поставок, logistics, warehouse, supplier, shipping, inventory, logistik, lager$, логістик, freight, procurement",
  manufacturing:
    "=manufacturing, =new plant, =factory, =production line, =produktionslinie, =fertigung, =завод, assembly, werk$, fabrik, виробництв",
  sustainability:
    "=sustainability, =net zero, =carbon neutral, =decarboni, =nachhaltig, =klimaneutral, =стал розвит, =carbon footprint, emissions, esg$, recycl, co2, climate, климат, клімат, вуглец",
  energy:
    "=renewable energy, =solar, =wind farm, =power grid, =erneuerbare, =stromnetz, =відновлюван енерг, electricity, hydrogen, wasserstoff, batter, енергетик, photovolta",
  regulation:
    "=regulation, =regulatory, =compliance, =gdpr, =antitrust, =dsgvo, =регулятор, =комплаєнс, regulator, consent decree, sanction, kartell, directive, licen",
  workforce:
    "=hiring, =talent acquisition, =remote work, =collective bargaining, =fachkräfte, =betriebsrat, =найм, =персонал, employee, recruit, strike$, union$, headcount, mitarbeiter, gewerkschaft, працівник, training program",
  leadership:
    "=chief executive, =chief financial, =chief operating, =chief technology, =chief information, =board of directors, =vorstandsvorsitz, =geschäftsführ, =генеральн директор, =наглядов рад, ceo$, cfo$, cto$, cio$, succession, steps down, stepped down, resign, appoint, aufsichtsrat, призначен",
  merger_integration:
    "=merger, =post merger, =acquisition of, =acquire, =carve out, =spin off, =takeover, =übernahme, =fusion, =злитт, =поглинан, integration, synergies, divest, synergie",
  international_expansion:
    "=international expansion, =expand into, =expands into, =enter the market, =market entry, =new market, =markteintritt, =auslandsgeschäft, =expansion into, =вихід на ринок, =міжнародн експанс, subsidiary in, overseas, cross border, localiz, new office in",
  real_estate:
    "=real estate, =headquarter, =office lease, =immobilie, =нерухом, lease agreement, square feet, square met, relocat, campus, mietvertrag, quadratmeter, оренд",
  research:
    "=research and development, =r d spend, =forschung und entwicklung, =clinical trial, =дослідженн і розроб, patent, laborator, prototype, phase 3, innovation, forschung, дослідницьк",
  pricing:
    "=price increase, =raise prices, =price cut, =pricing, =preiserhöhung, =підвищенн цін, inflation, margin, tariff, zölle, інфляц, митн",
};

interface Sign {
  readonly theme: Theme;
  readonly weight: number;
  /** Stems of consecutive words; one that ends in “$” is the whole word. */
  readonly words: readonly string[];
}

/** The signs by the first letters of their first word, so that each word of a text is compared with few of them. */
const signsByStart = new Map<string, readonly Sign[]>();
for (const theme of Theme.options)
  for (const written of stems[theme].split(/,\s+/u)) {
    const weight = written.startsWith("=") ? 3 : 1;
    const words = written
      .replace("=", "")
      .split(" ")
      .map(
        (word) => `${toWords(word).join("")}${word.endsWith("$") ? "$" : ""}`,
      );
    const start = firstLetters(words[0] ?? "");
    const known = signsByStart.get(start) ?? [];
    signsByStart.set(start, [...known, { theme, weight, words }]);
  }

/** A theme counts from here: two plain words and a third, or one that suffices alone. */
const minScore = 3;
/** Words of a title say more. */
const titleWeight = 3;
/** Repeating the same sign adds nothing beyond this. */
const mostOfOne = 2;
/** A document says first what it is about; in characters. */
const looked = 20_000;

/**
 * The themes of a document, strongest first: at most ten, by weighted words of its title and of the first 20,000
 * characters of its text.
 */
export function findThemes({
  title,
  text,
}: {
  readonly title: string;
  readonly text: string;
}): readonly Theme[] {
  const scores = new Map<Theme, number>();
  const counts = new Map<Sign, number>();
  for (const [part, times] of [
    [title, titleWeight],
    [text.slice(0, looked), 1],
  ] as const) {
    const words = toWords(part);
    words.forEach((word, i) => {
      for (const sign of signsByStart.get(firstLetters(word)) ?? []) {
        const count = counts.get(sign) ?? 0;
        if (count >= mostOfOne || !isHere(sign, words, i)) continue;
        counts.set(sign, count + 1);
        const score = scores.get(sign.theme) ?? 0;
        scores.set(sign.theme, score + sign.weight * times);
      }
    });
  }
  return [...scores]
    .filter(([, score]) => score >= minScore)
    .sort(([a, one], [b, other]) => other - one || a.localeCompare(b))
    .slice(0, mostThemes)
    .map(([theme]) => theme);
}

function firstLetters(word: string): string {
  return word.replace("$", "").slice(0, 2);
}

function isHere(
  { words: wanted }: Sign,
  words: readonly string[],
  at: number,
): boolean {
  return wanted.every((stem, i) => {
    const word = words[at + i] ?? "";
    return stem.endsWith("$")
      ? word === stem.slice(0, -1)
      : word.startsWith(stem);
  });
}
