import { z } from "zod";

/** The bodies that Qdrant's REST API takes, as far as we use them (its OpenAPI document, version 1.18); a field that is not listed is refused. */
const size = z.int().positive().max(65_536);

const PointId = z
  .union([z.int().nonnegative(), z.string()])
  .refine(
    (id) => typeof id === "number" || z.guid().safeParse(id).success,
    "is not a valid point ID, valid values are either an unsigned integer or a UUID",
  );

export const CreateCollection = z.strictObject({
  vectors: z.record(
    z.string(),
    z.strictObject({ size, distance: z.literal("Cosine") }),
  ),
  hnsw_config: z
    .strictObject({
      m: z.int().nonnegative().optional(),
      payload_m: z.int().nonnegative().optional(),
    })
    .optional(),
});
export type CreateCollection = z.infer<typeof CreateCollection>;

const KeywordIndex = z.strictObject({
  type: z.literal("keyword"),
  is_tenant: z.boolean().optional(),
});
export type KeywordIndex = z.infer<typeof KeywordIndex>;

export const CreateIndex = z.strictObject({
  field_name: z.string().min(1),
  field_schema: KeywordIndex,
});

const Vector = z.array(z.number()).min(1);

export const Upsert = z.strictObject({
  points: z.array(
    z.strictObject({
      id: PointId,
      vector: z.record(z.string(), Vector),
      payload: z.record(z.string(), z.unknown()).nullable().optional(),
    }),
  ),
});

const Condition = z.strictObject({
  key: z.string().min(1),
  match: z.union([
    z.strictObject({ value: z.union([z.string(), z.int(), z.boolean()]) }),
    z.strictObject({ any: z.array(z.union([z.string(), z.int()])) }),
  ]),
});
export type Condition = z.infer<typeof Condition>;

const Filter = z.strictObject({ must: z.array(Condition) });
export type Filter = z.infer<typeof Filter>;

const asked = {
  query: Vector.optional(),
  using: z.string().optional(),
  filter: Filter.optional(),
  score_threshold: z.number().optional(),
  limit: z.int().positive().default(10),
} as const;

const Prefetch = z.strictObject(asked);

export const Query = z.strictObject({
  ...asked,
  prefetch: z
    .union([Prefetch.transform((one) => [one]), z.array(Prefetch)])
    .optional(),
  with_payload: z.union([z.boolean(), z.array(z.string())]).default(false),
});
export type Query = z.infer<typeof Query>;
export type Asked = z.infer<typeof Prefetch>;

export const Delete = z.union([
  z.strictObject({ points: z.array(PointId) }),
  z.strictObject({ filter: Filter }),
]);

export const SetPayload = z.strictObject({
  payload: z.record(z.string(), z.unknown()),
  filter: Filter,
});

export const Count = z.strictObject({
  filter: Filter.optional(),
  exact: z.boolean().optional(),
});

export const Scroll = z.strictObject({
  filter: Filter.optional(),
  limit: z.int().positive().default(10),
  offset: PointId.nullable().optional(),
  with_payload: z.boolean().optional(),
  with_vector: z.boolean().optional(),
});
