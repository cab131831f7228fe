import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startReplay, type Replay } from "../../dev/standins/replay.ts";
import { reader } from "../../functions/src/adapters/text/reader.ts";
import type { Source } from "../../functions/src/domain/sources/source.ts";
import {
  brindlewick,
  harrowgate,
  quillmere,
  saltmarsh,
  tarnbrook,
  waldquell,
} from "../support/jobBoards.ts";
import {
  amplitude,
  answers,
  connectorAt,
  errorOf,
  never,
  serving,
} from "../support/sources.ts";

let replay: Replay;
beforeAll(async () => {
  replay = await startReplay({ port: 0, recordingsDir: null });
});
afterAll(async () => {
  await replay.close();
});

describe.each([
  {
    source: amplitude,
    item: {
      itemId: "amplitude/9900002002",
      title:
        "Amplitude is hiring: Regional Sales Director, DACH (Munich, Germany)",
      publisher: "Amplitude job board",
      revision: "2026-07-28T08:50:01-04:00",
      publishedAt: new Date("2026-07-28T12:50:01Z"),
      url: "https://job-boards.greenhouse.io/amplitude/jobs/9900002002",
      facts: {
        board: "amplitude",
        jobId: "9900002002",
        location: "Munich, Germany",
      },
    },
    tells: ["Department: Sales", "We are opening an office in Munich"],
    language: "en",
  },
  {
    source: brindlewick,
    item: {
      itemId: "brindlewick/6b1f0c52-0002-4a3e-9c11-000000000002",
      title:
        "brindlewick is hiring: Salesforce Administrator (Manchester, United Kingdom)",
      publisher: "brindlewick job board",
      publishedAt: new Date("2026-07-01T08:00:00Z"),
      url: "https://jobs.lever.co/brindlewick/6b1f0c52-0002-4a3e-9c11-000000000002",
      facts: {
        board: "brindlewick",
        jobId: "6b1f0c52-0002-4a3e-9c11-000000000002",
        location: "Manchester, United Kingdom",
        department: "Operations, Commercial Systems",
        employmentType: "Full-time",
        workplace: "hybrid",
        compensation: "42000–51000 GBP, per year salary",
      },
    },
    tells: [
      "moving 140 sellers from spreadsheets",
      "What you bring",
      "Patience with spreadsheets.",
      "welcomes applications",
    ],
    language: "",
  },
  {
    source: quillmere,
    item: {
      itemId: "quillmere/1f0a9c1e-7a11-4d21-8f00-000000000001",
      title:
        "quillmere is hiring: Account Executive, Benelux (Utrecht, Netherlands, Antwerp, Belgium)",
      publisher: "quillmere job board",
      publishedAt: new Date("2026-07-02T08:12:44.120Z"),
      url: "https://jobs.ashbyhq.com/quillmere/1f0a9c1e-7a11-4d21-8f00-000000000001",
      facts: {
        board: "quillmere",
        jobId: "1f0a9c1e-7a11-4d21-8f00-000000000001",
        location: "Utrecht, Netherlands, Antwerp, Belgium",
        department: "Go to Market, Sales",
        employmentType: "Full Time",
        workplace: "hybrid",
        compensation: "€70K – €90K • Offers Equity",
      },
    },
    tells: ["first office outside Ireland", "Sell to hospitals"],
    language: "",
  },
  {
    source: harrowgate,
    item: {
      itemId: "harrowgate-freight/1A1B2C3D4E",
      title:
        "Harrowgate Freight is hiring: Customs Specialist (Athens, Attica, Greece)",
      publisher: "Harrowgate Freight job board",
      publishedAt: new Date("2026-06-30T00:00:00Z"),
      url: "https://apply.workable.com/j/1A1B2C3D4E",
      facts: {
        board: "harrowgate-freight",
        jobId: "1A1B2C3D4E",
        location: "Athens, Attica, Greece",
        department: "Compliance",
        employmentType: "Full-time",
        workplace: "remote",
      },
    },
    tells: ["Clearing goods at Piraeus, from home."],
    language: "",
  },
  {
    source: saltmarsh,
    item: {
      itemId: "SaltmarshEnergy/744000100000002",
      title:
        "Saltmarsh Energy is hiring: Turbine Service Technician (Esbjerg, Denmark)",
      publisher: "Saltmarsh Energy job board",
      publishedAt: new Date("2026-07-09T07:30:00Z"),
      url: "https://jobs.smartrecruiters.com/SaltmarshEnergy/744000100000002",
      facts: {
        board: "SaltmarshEnergy",
        jobId: "744000100000002",
        location: "Esbjerg, Denmark",
        department: "Service",
        employmentType: "Full-time",
      },
    },
    tells: ["Job Description", "Two weeks at sea", "You have done this before"],
    language: "en",
  },
  {
    source: tarnbrook,
    item: {
      itemId: "tarnbrook/2736919",
      title:
        "Tarnbrook Labs is hiring: Quality Manager, Implants (Gdańsk, Poland)",
      publisher: "Tarnbrook Labs job board",
      publishedAt: new Date("2026-07-17T07:25:25Z"),
      url: "https://tarnbrook.recruitee.com/o/quality-manager-implants",
      facts: {
        board: "tarnbrook",
        jobId: "2736919",
        location: "Gdańsk, Poland",
        department: "Quality",
        employmentType: "fulltime permanent",
        workplace: "hybrid",
        compensation: "216000–264000 PLN, year",
      },
    },
    tells: ["sell its implants in the United States", "You know 21 CFR 820."],
    language: "",
  },
  {
    source: waldquell,
    item: {
      itemId: "waldquell/2516231",
      title:
        "Waldquell Getränke GmbH is hiring: Leitung Einkauf & Logistik (m/w/d) (Freiburg, Basel)",
      publisher: "Waldquell Getränke GmbH job board",
      publishedAt: new Date("2026-07-15T09:30:00Z"),
      url: "https://waldquell.jobs.personio.de/job/2516231",
      facts: {
        board: "waldquell",
        jobId: "2516231",
        location: "Freiburg, Basel",
        department: "Einkauf",
        employmentType: "permanent, full-time",
        compensation: "65000–78000 EUR, yearly",
      },
    },
    tells: ["den Einkauf von vier Brunnen & führst", "Dein Profil"],
    language: "",
  },
])("the postings of a $source.kind board", (expected) => {
  const { source } = expected;

  test("are found with their facts, and read with nothing but their text", async () => {
    const connector = connectorAt(source.kind, replay.url);
    const { items } = await connector.poll(source, null, never);
    const item = items.find(({ itemId }) => itemId === expected.item.itemId);
    expect(item).toMatchObject(expected.item);
    expect(item?.facts).toEqual(expected.item.facts);
    if (item === undefined) throw new Error("the posting is missing");
    const fetched = await connector.fetch(item, source, never);
    if (fetched === null) throw new Error("the posting cannot be fetched");
    const { text, title } = await reader().read(fetched);
    expect(title).toBe(/hiring: (.*?) \((?!m\/w)/.exec(item.title)?.[1]);
    for (const words of expected.tells) expect(text).toContain(words);
    expect(text).not.toContain("<");
    expect(text).not.toContain("invented example");
    const page = new TextDecoder().decode(fetched.body);
    expect(page).toContain(`<html lang="${expected.language}">`);
  });
});

test("a site of Lever's European instance and a company at personio.com are asked there", async () => {
  const asked: string[] = [];
  const base = await serving((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(200).end("[]");
  });
  const eu = { ...brindlewick, region: "eu" } as const;
  await connectorAt("lever", base).poll(eu, null, never);
  const com = { ...waldquell, domain: "com" } as const;
  await errorOf(connectorAt("personio", base).poll(com, null, never));
  expect(asked).toEqual([
    "/api.eu.lever.co/v0/postings/brindlewick?mode=json",
    "/waldquell.jobs.personio.com/xml",
  ]);
});

test("an unlisted posting at Ashby is not found", async () => {
  const { items } = await connectorAt("ashby", replay.url).poll(
    quillmere,
    null,
    never,
  );
  expect(items.map(({ title }) => title).join()).not.toContain("confidential");
  expect(items).toHaveLength(2);
});

const recordings = join(
  resolve(process.env["RECORDINGS_DIR"] ?? "../shared/data"),
  "jobs",
);
const RecordedJob = z.looseObject({ id: z.union([z.string(), z.int()]) });
/** The postings of a recorded list, whatever stands around them. */
const RecordedList = z.union([
  z.array(RecordedJob),
  z.object({ jobs: z.array(RecordedJob) }).transform(({ jobs }) => jobs),
]);
const recorded = existsSync(recordings);
if (!recorded) {
  console.log(`recorded postings are not tested: ${recordings} is absent`);
}

describe.skipIf(!recorded)("recorded boards", () => {
  const boards: readonly {
    readonly source: Source;
    readonly file: string;
    readonly path: string;
  }[] = [
    {
      source: { kind: "lever", key: "jobs", site: "idealistconsulting" },
      file: "lever.json",
      path: "/api.lever.co/v0/postings/idealistconsulting",
    },
    {
      source: { kind: "ashby", key: "jobs", board: "HighlightTA" },
      file: "ashby.json",
      path: "/api.ashbyhq.com/posting-api/job-board/HighlightTA",
    },
    {
      source: { kind: "greenhouse", key: "jobs", board: "amplitude" },
      file: "greenhouse.json",
      path: "/boards-api.greenhouse.io/v1/boards/amplitude/jobs",
    },
  ];

  test.each(boards)(
    "of $source.kind is found and read, both postings of it",
    async ({ source, file, path }) => {
      const list = readFileSync(join(recordings, file), "utf8");
      const base = await answers({
        [path]: list,
        ...Object.fromEntries(
          RecordedList.parse(JSON.parse(list)).map((job) => [
            `${path}/${job.id}`,
            JSON.stringify(job),
          ]),
        ),
      });
      const connector = connectorAt(source.kind, base);
      const { items } = await connector.poll(source, null, never);
      expect(items).toHaveLength(2);
      for (const item of items) {
        expect(item.publishedAt).not.toBeNull();
        expect(item.facts["location"]?.length).toBeGreaterThan(1);
        const fetched = await connector.fetch(item, source, never);
        if (fetched === null) throw new Error(`${item.itemId} is gone`);
        const { text, language } = await reader().read(fetched);
        expect(text.length).toBeGreaterThan(1000);
        expect(text).not.toMatch(/<\/?(?:p|div|li|span)\b|&(?:lt|amp|nbsp);/);
        expect(language).toBe("en");
      }
    },
  );
});
