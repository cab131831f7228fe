import { z } from "zod";

/** The tokens of one paid call. */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite: number;
  readonly cacheRead: number;
}

/** The least that the vendor caches, in tokens. */
const minCached = 1024;

const TextBlock = z.strictObject({
  type: z.literal("text"),
  text: z.string().min(1),
  cache_control: z.strictObject({ type: z.literal("ephemeral") }).optional(),
});
/** What each request carries. */
export const Headers = z.looseObject({
  authorization: z.string().startsWith("Bearer "),
  "anthropic-version": z.literal("2026-10-21"),
  "content-type": z.string().startsWith("application/json"),
  "x-api-key": z.undefined().optional(),
});
/** Strict: tools, sampling parameters and whatever else we do not send are refused. */
export const Request = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.int().positive(),
  system: z.array(TextBlock),
  messages: z
    .array(z.strictObject({ role: z.literal("user"), content: z.string() }))
    .length(1),
  output_config: z.strictObject({
    effort: z.enum(["low", "medium", "high", "xhigh", "max"]).optional(),
    format: z.strictObject({
      type: z.literal("json_schema"),
      schema: z.looseObject({
        type: z.literal("object"),
        additionalProperties: z.literal(false),
      }),
    }),
  }),
});
export type Request = z.infer<typeof Request>;

/** What of the request is read from the cache, what is written to it, and what is neither; the schema and the model come first. */
export function splitInput(
  { model, system, messages, output_config }: Request,
  cache: Set<string>,
): Omit<Usage, "output"> {
  let prefix = JSON.stringify([model, output_config.format]);
  let size = 0;
  let read = 0;
  let marked = 0;
  for (const { text, cache_control } of system) {
    prefix += text;
    size += tokens(text);
    if (cache_control === undefined || size < minCached) continue;
    if (cache.has(prefix)) read = size;
    marked = size;
    cache.add(prefix);
  }
  const rest = messages.reduce((sum, { content }) => sum + tokens(content), 0);
  return {
    input: size - marked + rest,
    cacheWrite: marked - read,
    cacheRead: read,
  };
}

/** As a rule of thumb, a token is four characters. */
export function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}
