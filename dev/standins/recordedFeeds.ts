/** A feed that can be replayed, and whom it speaks of among its newest three entries. */
export interface RecordedFeed {
  readonly url: string;
  /** Its file among the recordings' real feeds; absent where it is one of the repository's own. */
  readonly file?: string;
  readonly publisher: string;
  readonly licence: string;
  /** The account of a demo for which it yields a relevant signal; null where its entries are about no company. */
  readonly account: {
    readonly name: string;
    readonly aliases: readonly string[];
    readonly about: string;
  } | null;
}

const asRecorded = "© the publisher; recorded feed, quoted as evidence";
const invented = "Apache-2.0 (invented example of this project)";

/** Every feed that the replay knows, at the address that its publisher gives or gave it. */
export const recordedFeeds: readonly RecordedFeed[] = [
  {
    url: "https://www.varthabharati.in/english/rss.xml",
    file: "customfields.rss",
    publisher: "Varthabharathi",
    licence: "© 2017 Varthabharathi; recorded feed, quoted as evidence",
    account: {
      name: "Isuzu Motors India",
      aliases: ["Isuzu", "ISUZU", "Isuzu Motors"],
      about: "May 2017, in English: launches the mu-X in Bengaluru",
    },
  },
  {
    url: "https://www.heise.de/developer/rss/news-atom.xml",
    file: "heise.atom",
    publisher: "heise developer",
    licence: "© Heise Medien; recorded feed, quoted as evidence",
    account: {
      name: "Red Hat",
      aliases: ["JBoss", "WildFly"],
      about: "February 2016, in German: releases WildFly 10",
    },
  },
  {
    url: "https://github.com/gulpjs/gulp/releases.atom",
    file: "gulp-atom.atom",
    publisher: "GitHub",
    licence: asRecorded,
    account: null,
  },
  {
    url: "https://feeds.jn.pt/JN-ULTIMAS",
    file: "encoding.rss",
    publisher: "Jornal de Notícias",
    licence: asRecorded,
    account: null,
  },
  {
    url: "https://science.sciencemag.org/rss/twis.xml",
    file: "rss-1.rss",
    publisher: "Science",
    licence: asRecorded,
    account: null,
  },
  {
    url: "https://www.reddit.com/.rss",
    file: "reddit-home.rss",
    publisher: "reddit",
    licence: asRecorded,
    account: null,
  },
  {
    url: "https://news.example.com/technology/feed.rss",
    publisher: "Example Technology News",
    licence: invented,
    account: {
      name: "Brindlewick Robotics",
      aliases: ["Brindlewick"],
      about: "invented: appoints a chief financial officer, opens a plant",
    },
  },
  {
    url: "https://blog.example.org/releases.atom",
    publisher: "Example Release Notes",
    licence: invented,
    account: {
      name: "Harrowgate Analytics",
      aliases: ["Harrowgate"],
      about: "invented: acquires a smaller company, launches a product",
    },
  },
];
