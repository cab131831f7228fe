/** What runs in the thread of `inThread`; bundled separately. */
import { z } from "zod";
import { serve } from "../threads/serve.ts";
import { annotator } from "./entities/annotator.ts";
import { reader } from "./reader.ts";

const Fetched = z.object({
  body: z.instanceof(Uint8Array),
  contentType: z.string(),
  url: z.string(),
  licence: z.string(),
});

const Text = z.object({
  text: z.string(),
  language: z.string(),
  publishedAt: z.date().nullable(),
  own: z.array(z.string()),
});

const documents = reader();
const { annotate } = annotator();

serve({
  read: (input) => documents.read(Fetched.parse(input)),
  annotate: (input) => annotate(Text.parse(input)),
});
