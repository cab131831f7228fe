import { describe, expect, it } from "vitest";
import { compareSketches } from "../../../../functions/src/domain/duplicates/compareSketches.ts";
import {
  toSketch,
  type Story,
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

const of = (one: Story, other: Story) =>
  compareSketches(toSketch(one), toSketch(other));
const changed = (was: string, is: string): Story => ({
  title: story.title.replaceAll(was, is),
  text: story.text.replaceAll(was, is),
});
const paragraphs = story.text.split("\n\n");

describe("the same story", () => {
  it("is one that is told word for word", () => {
    expect(of(story, story)).toEqual({
      same: true,
      similarity: 1,
      why: "retold",
    });
  });

  it("is one that is told in other words and another order", () => {
    const rewritten = {
      title: "Compressor maker Globex shuts Springfield factory",
      text: [
        "Some 1,200 of the 14,000 people at Globex Corporation will lose their jobs, and its factory in Springfield will be shut by June 2027, the company announced on Tuesday. No cuts have been deeper since 2019, when Hank Scorpio became chief executive.",
        "Prices of Chinese rivals were lower, and sales of refrigerators, for which the plant makes compressors, declined by 31% last year.",
        "In a letter to employees seen by the Springfield Shopper, Scorpio wrote: “We have looked for a buyer for eighteen months and found none.”",
        "Local 643, the union, wants a strike vote on Friday. The company received $45m from the state in 2023, for which it promised to keep the plant until 2030, said Lenny Leonard, who chairs it.",
      ].join("\n\n"),
    };
    expect(of(story, rewritten)).toMatchObject({ same: true, why: "retold" });
  });

  it("is one that is cut short: figures left out are no other figures", () => {
    const short = {
      title: "Globex closes plant",
      text: paragraphs.slice(0, 2).join("\n\n"),
    };
    expect(of(story, short)).toMatchObject({ same: true, why: "retold" });
  });

  it("is one with a notice of its agency that nobody knows", () => {
    const text = `${story.text}\n\nThis dispatch was translated by volunteers of the valley's press club. Corrections are welcome in any of our nine offices, weekdays between 10 and 16 o'clock.`;
    expect(of(story, { ...story, text })).toMatchObject({ same: true });
  });
});

describe("a correction", () => {
  it.each([
    ["a figure of the headline", "1,200", "1,400"],
    ["an amount at the end", "$45 million", "$54 million"],
    ["a day", "Tuesday", "Wednesday"],
    ["a name", "Scorpio", "Burns"],
  ])("is not the same: it changes %s", (_, was, is) => {
    expect(of(story, changed(was, is))).toMatchObject({
      same: false,
      why: "correction",
    });
  });

  it.each([
    "Correction: The plant is in Springfield, not in Shelbyville.",
    "An earlier version of this article misstated where the plant is.",
    "CORRECTED-Corrects name of plant",
    "UPDATE 1: Adds comment of the union.",
    "This story has been corrected.",
  ])("is not the same: it says “%s”", (note) => {
    for (const text of [`${note}\n\n${story.text}`, `${story.text}\n\n${note}`])
      expect(of(story, { ...story, text })).toMatchObject({
        same: false,
        why: "correction",
      });
  });

  it("is the same as its own copy", () => {
    const corrected = {
      ...story,
      text: `Correction: The plant is in Springfield.\n\n${story.text}`,
    };
    expect(
      of(corrected, { ...corrected, title: "Globex closes plant" }).same,
    ).toBe(true);
  });

  it("is not what says when it was updated, or where corrections go", () => {
    const text = `Updated: Nov 20, 2026 10:05\n\n${story.text}`;
    expect(of(story, { ...story, text }).same).toBe(true);
  });
});

describe("a follow-up", () => {
  it("is not the same: it begins with what is new, and tells the rest again", () => {
    const after = {
      title: "Globex workers walk out in Springfield",
      text: [
        "Nearly all workers of the night shift left the compressor factory on Thursday evening, and pickets stood before both gates until dawn. Mayor Quimby promised them hot soup and the support of the town council.",
        "Managers from headquarters arrived by helicopter and refused to speak with reporters, while lawyers of both sides met before a judge who will rule on Monday whether the walkout may go on.",
        ...paragraphs.slice(1),
      ].join("\n\n"),
    };
    expect(of(story, after)).toMatchObject({ same: false, why: "follow-up" });
  });

  it("is not the same: it repeats the first paragraph, and goes on with other news", () => {
    const after = {
      title: "Globex to close its Springfield plant: what is known",
      text: [
        paragraphs[0],
        "Shelbyville, twenty miles up the river, hopes to win what its neighbour loses. Its council set aside a meadow for new factories this week and sent letters to makers of pumps, heaters and fans across the country.",
        "Teachers expect that one class in five will be dissolved over the summer. Families have begun to list their houses, and the only bank in the valley warns that prices could halve within a season.",
        "Historians recall the closing of the box factory, after which the bowling alley, the cinema and two of three bakeries disappeared. The monorail, never finished, still crosses the square.",
        "A spokeswoman for the governor declined to say whether the administration would offer loans, grants or training to anyone affected by these decisions.",
      ].join("\n\n"),
    };
    expect(of(story, after)).toMatchObject({ same: false, why: "follow-up" });
  });
});

describe("another story", () => {
  it("is not the same", () => {
    const other = {
      title: "Initech opens a museum of staplers",
      text: "Visitors may see four hundred staplers, most of them red, in the basement of the former headquarters. Milton Waddams, who gave the collection, cut the ribbon on Sunday.",
    };
    expect(of(story, other)).toMatchObject({ same: false, why: "other" });
  });

  it("is another role of the same company, whatever the two postings share", () => {
    const role = posting("Controls Engineer", "Leeds");
    expect(of(role, posting("Warehouse Planner", "Leeds"))).toMatchObject({
      same: false,
      why: "other",
    });
    expect(of(role, posting("Controls Engineer", "Leeds")).same).toBe(true);
    const short = {
      text: "Work in our team on controls for parcel machines in Leeds and beyond.",
      isPosting: true,
    };
    expect(
      of({ ...short, title: "Engineer" }, { ...short, title: "Planner" }).same,
    ).toBe(false);
  });

  it("is a text of no words", () => {
    expect(of({ title: "", text: "" }, { title: "", text: "" })).toEqual({
      same: false,
      similarity: 0,
      why: "other",
    });
    expect(compareSketches("", toSketch(story)).same).toBe(false);
  });
});

describe("likeness", () => {
  it("is the same from either side", () => {
    const all = [
      story,
      changed("1,200", "1,400"),
      { title: "Short", text: paragraphs.slice(0, 1).join() },
      posting("Controls Engineer", "Leeds"),
    ].map((told) => toSketch(told));
    for (const a of all)
      for (const b of all)
        expect(compareSketches(a, b)).toEqual(compareSketches(b, a));
  });
});
