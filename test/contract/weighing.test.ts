import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseHtml } from "../../functions/src/adapters/text/documents/html.ts";
import { countNodes } from "../../functions/src/adapters/text/documents/nodes.ts";
import { countInflatedBytes } from "../../functions/src/adapters/text/documents/pdfStreams.ts";
import { parseJson } from "../../functions/src/adapters/web/json.ts";
import { toFields } from "../../functions/src/domain/imports/importRecord.ts";

describe("the nodes of a page, counted before it is parsed,", () => {
  const parts =
    '<p> </p> <i> a b< & &amp; <br/> <script> </script> <script/> <style> </style> <!-- --> <a href=\'x y\'> <a b=" "> <a b"c> <td =x /> > \' " = <![CDATA[ ]]> <svg> <title> </title> <textarea>'.split(
      " ",
    );

  test("are never fewer than the parser makes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...parts, " ", "word"), { maxLength: 40 }),
        async (drawn) => {
          const html = `<html><body>${drawn.join("")}</body></html>`;
          const document = await parseHtml(html);
          expect(countOf(document.body) - 1).toBeLessThanOrEqual(
            countNodes(html),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  test("are not many more on a page as people write it", async () => {
    const html = `<html lang="en"><head><title>A</title><style>a > b { c: d }</style></head><body>${'<div class="a b c"><p style="font: 12pt Times New Roman">One &amp; two, <a href="/x?a=1&b=2">three</a>.</p></div>'.repeat(100)}<script>if (a < b && c < d) e("<p>f</p>");</script></body></html>`;
    const nodes = countOf((await parseHtml(html)).body);
    expect(countNodes(html)).toBeGreaterThan(nodes);
    expect(countNodes(html)).toBeLessThan(2 * nodes);
  });
});

/** Elements, texts and attributes under an element, itself included. */
function countOf(element: Element): number {
  return [...element.childNodes].reduce(
    (sum, child) => sum + (isElement(child) ? countOf(child) : 1),
    1 + element.attributes.length,
  );
}

function isElement(node: Node): node is Element {
  return node.nodeType === 1;
}

describe("what the streams of a PDF inflate to", () => {
  const packed = (length: number) =>
    deflateSync(Buffer.alloc(length, "q Q ")).toString("latin1");
  const pdf = (...streams: readonly string[]) =>
    Buffer.from(streams.join("\n"), "latin1");
  const stream = (dictionary: string, content: string) =>
    `1 0 obj << ${dictionary} >>\nstream\r\n${content}\nendstream endobj`;

  test("is counted over all of them, pictures and what is not compressed apart", () => {
    const body = pdf(
      stream("/Filter /FlateDecode", packed(1000)),
      stream("/Filter [/Fl]", packed(500)),
      stream("/Subtype /Image /Filter /FlateDecode", packed(9000)),
      stream("/Filter /DCTDecode", packed(9000)),
      stream("/Filter /FlateDecode", "no stream at all"),
    );
    expect(countInflatedBytes(body, 10_000)).toBe(1500);
  });

  test("is counted no further than asked", () => {
    const body = pdf(stream("/Filter /FlateDecode", packed(5_000_000)));
    expect(countInflatedBytes(body, 1000)).toBe(1001);
  });

  test("hides behind no end that it says itself, and no length that is told", () => {
    const hidden = `${packed(5000)}`;
    const body = pdf(
      stream("/Length 1 /Filter /FlateDecode", hidden),
      "endstream",
    );
    expect(countInflatedBytes(body, 10_000)).toBe(5000);
  });
});

describe("JSON from outside", () => {
  test("is what JSON.parse makes of it, or fails as that does", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 20 }), (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
    for (const odd of ["", "{", '{"a', "[1,]", '"\\', "nul"])
      expect(() => parseJson(odd)).toThrow(SyntaxError);
  });

  test("is refused beyond 64 levels and a million values, and not for what stands in strings", () => {
    const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    expect(parseJson(deep(64))).toBeInstanceOf(Array);
    expect(() => parseJson(deep(65))).toThrow("nests more than 64 levels");
    expect(() => parseJson(`{"a":[${deep(63)}]}`)).toThrow("nests");
    expect(() => parseJson(`[${"0,".repeat(1_000_000)}0]`)).toThrow(
      "more than 1000000 values",
    );
    const said = JSON.stringify([`\\"${deep(2_000_000)}\\`, "[,"]);
    expect(parseJson(said)).toHaveLength(2);
  });
});

test("a list in a record of an import has at most 200 entries, and one fault for all beyond", () => {
  const owners = "nobody;".repeat(100_000);
  const cells = new Map([
    ["name", "Globex"],
    ["owners", owners],
  ]);
  const { fields, faults } = toFields(cells, new Map());
  expect(fields.owners).toEqual([]);
  expect(faults.length).toBeLessThanOrEqual(201);
  expect(faults[0]).toEqual({
    field: "owners",
    message: "has more than 200 entries",
  });
});
