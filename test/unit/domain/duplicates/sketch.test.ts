import { describe, expect, it } from "vitest";
import * as fc from "fast-check";
import {
  toLookupKeys,
  toSketch,
} from "../../../../functions/src/domain/duplicates/sketch.ts";
import { posting } from "../../../support/counterparts.ts";

const story = {
  title: "Globex to close its Springfield plant and cut 1,200 jobs",
  text: [
    "Globex Corporation said on Tuesday that it will close its plant in Springfield by June 2027 and cut 1,200 of its 14,000 jobs, the deepest cuts since Hank Scorpio took over as chief executive in 2019.",
    "The plant makes compressors for refrigerators, whose sales fell by 31 percent last year as Chinese rivals lowered their prices.",
    "“We have looked for a buyer for eighteen months and found none,” Scorpio told employees in a letter that the Springfield Shopper has seen.",
    "The union Local 643 called for a strike vote on Friday. Its chairman, Lenny Leonard, said that the company had taken $45 million of state aid in 2023 and promised to keep the plant until 2030.",
    "Globex shares rose 4.2 percent to $18.75 in New York.",
  ].join("\n\n"),
};

const shared = (a: string, b: string) =>
  toLookupKeys(a).filter((key) => toLookupKeys(b).includes(key));

describe("a sketch", () => {
  it("is the same for the same text, and fits beside a signal whatever the text", () => {
    expect(toSketch(story)).toBe(toSketch({ ...story }));
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 200 }),
        fc.string({ unit: "binary", maxLength: 5_000 }),
        (title, text) => {
          const sketch = toSketch({ title, text });
          expect(sketch.length).toBeLessThanOrEqual(1500);
          expect(toLookupKeys(sketch).length).toBeLessThanOrEqual(26);
        },
      ),
      { numRuns: 100, seed: 20 },
    );
  });

  it("fits where every word, figure and name is another", () => {
    const words = Array.from(
      { length: 30_000 },
      (_, at) =>
        `word${at.toString(36)} Name${at.toString(36)} ${at * 37} ${at % 20 === 19 ? "ends." : ""}`,
    ).join(" ");
    const sketch = toSketch({ title: words.slice(0, 500), text: words });
    expect(sketch.length).toBeGreaterThan(1300);
    expect(sketch.length).toBeLessThanOrEqual(1500);
    expect(toLookupKeys(sketch)).toHaveLength(26);
  });

  it("does not change with quotes, dashes, spaces, entities and invisible characters", () => {
    const typed = {
      title: story.title.replaceAll(" ", "\u00a0"),
      text: story.text
        .replaceAll("“", "&amp;ldquo;")
        .replaceAll("”", '"')
        .replaceAll("percent", "%")
        .replaceAll("compressors", "com\u00adpress\u200bors")
        .replaceAll("\n\n", "<br/>\r\n"),
    };
    expect(toSketch(typed)).toBe(toSketch(story));
  });

  it("takes figures for what they say, however they are written", () => {
    const said = (figure: string) =>
      toSketch({
        title: "Plant",
        text: `The plant in Springfield cost ${figure} dollars.`,
      });
    expect(said("12,900")).toBe(said("12900"));
    expect(said("12.9bn")).toBe(said("12.9 billion"));
    expect(said("three")).toBe(said("3"));
    expect(said("12.9 billion")).not.toBe(said("12.9 million"));
  });

  it.each(["cookies ", " \n ", "<", "(", "A.b", "1,", "correcting "])(
    "is read in linear time from a megabyte of %j",
    (piece) => {
      const text = piece.repeat(1_000_000 / piece.length);
      expect(toSketch({ title: "", text }).length).toBeLessThan(100);
    },
  );

  it("leaves out what a publisher puts around a story", () => {
    const around = {
      title: story.title,
      text: [
        "We use cookies to improve this site. By clicking Accept you consent to the use of cookies.",
        "By JANE EXAMPLE, Staff Writer",
        `SPRINGFIELD, Nov 20 (Reuters) - ${story.text}`,
        "Sign up for our newsletter to get the news of the day.",
        "Read more:\nGlobex opens a museum\nA day in the life of a compressor",
        "About Globex\nGlobex Corporation runs factories in nine countries and employs 14,000 people.",
        "This release contains forward-looking statements. Actual results may differ from them.",
        "Copyright 2026 The Springfield Shopper. All rights reserved.",
      ].join("\n"),
    };
    expect(toSketch(around)).toBe(toSketch(story));
  });

  it("finds words in scripts without spaces and with other letters", () => {
    const told = (text: string) => toSketch({ title: "", text });
    const japanese =
      "商標法では、登録商標を無断で使用することは禁止されています。商品の改造も侵害になり得ます。";
    expect(
      shared(
        told(japanese),
        told(`${japanese}詳しくは弁理士にご相談ください。`),
      ),
    ).not.toEqual([]);
    const ukrainian =
      "Завод у Києві збільшить виробництво компресорів на третину, повідомила компанія у вівторок.";
    expect(toLookupKeys(told(ukrainian)).length).toBeGreaterThan(5);
  });
});

describe("the keys of a sketch", () => {
  it("are short, and made of the sketch alone", () => {
    for (const key of toLookupKeys(toSketch(story)))
      expect(key).toMatch(/^[\w-]{5}$/u);
    expect(toLookupKeys("")).toEqual([]);
    expect(toLookupKeys(toSketch({ title: "", text: "" }))).toEqual([]);
  });

  it("are shared by the first two paragraphs of a story", () => {
    const short = {
      title: "Springfield to lose its plant",
      text: story.text.split("\n\n").slice(0, 2).join("\n\n"),
    };
    expect(shared(toSketch(story), toSketch(short)).length).toBeGreaterThan(4);
  });

  it("are not shared by two stories of one company that each end with the same notice", () => {
    const notice =
      "About Globex\nGlobex Corporation, founded in 1974 in Springfield, runs factories in nine countries and employs 14,000 people.";
    const other = {
      title: "Globex buys Initech's dishwasher business",
      text: "Globex Corporation will pay $310 million for the dishwashers of Initech, the companies announced on Wednesday. Hank Scorpio wants to sell them under the name Globex Clean from autumn on.",
    };
    const [a, b] = [story, other].map(({ title, text }) =>
      toSketch({ title, text: `${text}\n\n${notice}` }),
    );
    expect(shared(a ?? "", b ?? "")).toEqual([]);
  });

  it("are shared by postings of the same title only", () => {
    const [one, same, other] = [
      posting("Controls Engineer", "Leeds"),
      posting("Controls Engineer", "Leeds"),
      posting("Warehouse Planner", "Leeds"),
    ].map((told) => toSketch(told));
    expect(shared(one ?? "", same ?? "").length).toBeGreaterThan(10);
    expect(shared(one ?? "", other ?? "")).toEqual([]);
  });
});
