import type { Labels } from "./labels.ts";
import { type Figures, type Said, sayAll, toFigures } from "./judgeAll.ts";
import { decodeModels, trainModels } from "./models.ts";

/** In so many parts the labels are divided: each is judged by models that were trained on the others. */
const parts = 5;

/** Figures on the labels themselves, each document judged by models that have not seen it. */
export function crossValidate(labels: Labels): Figures {
  const all: Said[] = [];
  for (let part = 0; part < parts; part++) {
    const isIn = ({ id }: { readonly id: string }) => partOf(id) === part;
    const out = divide(labels, (item) => !isIn(item));
    const held = divide(labels, isIn);
    all.push(sayAll(held, decodeModels(trainModels(out))));
  }
  return toFigures({
    events: all.flatMap(({ events }) => events),
    about: all.flatMap(({ about }) => about),
    worth: all.flatMap(({ worth }) => worth),
  });
}

function divide(
  { events, about, worth }: Labels,
  isIn: (item: { readonly id: string }) => boolean,
): Labels {
  return {
    events: events.filter(isIn),
    about: about.filter(isIn),
    worth: worth.filter(isIn),
  };
}

/** Neighbours were written as pairs and stay together. */
function partOf(id: string): number {
  const number = Number(/\d+$/u.exec(id)?.[0] ?? 0);
  return Math.floor(number / 4) % parts;
}
