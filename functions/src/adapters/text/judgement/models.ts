import { z } from "zod";
import type { Models } from "../../../domain/judgement/judge.ts";
import { decodeModel } from "../../../domain/judgement/linearModel.ts";

const File = z.object({
  category: z.unknown(),
  type: z.unknown(),
  about: z.unknown(),
  worth: z.unknown(),
  common: z.array(z.string()),
});

let loaded: Promise<Models> | undefined;

/** The models that ship with the product, read at their first use; `npm run judge -- train` writes them. */
export async function loadModels(): Promise<Models> {
  loaded ??= read();
  return loaded;
}

async function read(): Promise<Models> {
  const file: unknown = await import("./models.json", {
    with: { type: "json" },
  });
  const { default: models } = z.object({ default: File }).parse(file);
  return {
    category: decodeModel(models.category),
    type: decodeModel(models.type),
    about: decodeModel(models.about),
    worth: decodeModel(models.worth),
    common: new Set(models.common),
  };
}
