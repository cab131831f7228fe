import { describe, expect, test } from "vitest";
import { PermanentError } from "../../functions/src/domain/kernel/errors.ts";
import { waldquell } from "../support/jobBoards.ts";
import { answers, connectorAt, errorOf, never } from "../support/sources.ts";

describe("a company at Personio", () => {
  const path = "/waldquell.jobs.personio.de/xml";
  const lookAt = async (xml: string) =>
    connectorAt("personio", await answers({ [path]: xml })).poll(
      waldquell,
      null,
      never,
    );

  test("may have no posting", async () => {
    for (const xml of [
      "<workzag-jobs></workzag-jobs>",
      '<?xml version="1.0"?>\n<workzag-jobs/>\n',
    ]) {
      expect((await lookAt(xml)).items).toEqual([]);
    }
  });

  test("tells of postings in CDATA sections or escaped, with and without an office", async () => {
    const { items } = await lookAt(
      "<workzag-jobs><position><id>7</id><name><![CDATA[R&D <Lead>]]></name><office/><jobDescriptions/></position>" +
        "<position><id>8</id><name>R&amp;D &lt;Lead&gt;</name></position></workzag-jobs>",
    );
    expect(items.map(({ title }) => title)).toEqual([
      "waldquell is hiring: R&D <Lead>",
      "waldquell is hiring: R&D <Lead>",
    ]);
  });

  test.each([
    "<![CDATA[<p>You know &lt;table&gt;.</p>]]>",
    "&lt;p&gt;You know &amp;lt;table&amp;gt;.&lt;/p&gt;",
  ])("tells its text as HTML: %s", async (value) => {
    const base = await answers({
      [path]: `<workzag-jobs><position><id>7</id><name>A</name><jobDescriptions><jobDescription><name/><value>${value}</value></jobDescription></jobDescriptions></position></workzag-jobs>`,
    });
    const connector = connectorAt("personio", base);
    const [item] = (await connector.poll(waldquell, null, never)).items;
    if (item === undefined) throw new Error("nothing was found");
    const fetched = await connector.fetch(item, waldquell, never);
    const body = new TextDecoder().decode(fetched?.body);
    expect(body).toContain("<p>You know &lt;table&gt;.</p>");
  });

  test.each([
    [
      "a document type",
      '<!DOCTYPE j [<!ENTITY a "b">]><workzag-jobs><position><id>7</id><name>&a;</name></position></workzag-jobs>',
    ],
    [
      "an end that is missing",
      "<workzag-jobs><position><id>7</id><name>A</name></position><position><id>8</id><name>B</name></position>",
    ],
    ["another root", "<jobs><position><id>7</id></position></jobs>"],
    [
      "a hundred thousand open tags",
      `<workzag-jobs>${"<a>".repeat(100_000)}</workzag-jobs>`,
    ],
  ])("is not read with %s", async (_, xml) => {
    const error = await errorOf(lookAt(xml));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ code: "bad-answer" });
    expect(String(error)).toContain("Personio");
  });
});
