import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { root } from "./places.ts";

const Shape = z.object({
  collection: z.string(),
  group: z.boolean(),
  filters: z.array(z.tuple([z.string(), z.string()])),
  orderBy: z.array(z.tuple([z.string(), z.enum(["asc", "desc"])])),
});
type Shape = z.infer<typeof Shape>;

const Scope = z.enum(["COLLECTION", "COLLECTION_GROUP"]);
const Field = z.object({
  fieldPath: z.string(),
  order: z.enum(["ASCENDING", "DESCENDING"]).optional(),
  arrayConfig: z.literal("CONTAINS").optional(),
});
const Indexes = z.object({
  indexes: z.array(
    z.object({
      collectionGroup: z.string(),
      queryScope: Scope,
      fields: z.array(Field),
    }),
  ),
  fieldOverrides: z.array(
    z.object({
      collectionGroup: z.string(),
      fieldPath: z.string(),
      indexes: z.array(
        z.object({
          queryScope: Scope,
          order: z.string().optional(),
          arrayConfig: z.string().optional(),
        }),
      ),
    }),
  ),
});

/** What an index must have for a query: the fields compared for equality in any order, then the sorted ones in theirs. */
interface Needed {
  readonly equal: readonly string[];
  readonly sorted: readonly (readonly [string, "ASCENDING" | "DESCENDING"])[];
  readonly contains: readonly string[];
}

function neededFor({ filters, orderBy: asked }: Shape): Needed {
  const orderBy = withoutName(asked);
  const withOperators = (...operators: readonly string[]) =>
    filters
      .filter(([, operator]) => operators.includes(operator))
      .map(([field]) => field);
  const ranged = withOperators("<", "<=", ">", ">=", "not-in").filter(
    (field) => !orderBy.some(([sorted]) => sorted === field),
  );
  const directions = { asc: "ASCENDING", desc: "DESCENDING" } as const;
  return {
    equal: [...new Set(withOperators("==", "in"))],
    contains: withOperators("array-contains-any"),
    sorted: [
      ...ranged.map((field) => [field, "ASCENDING"] as const),
      ...orderBy.map(([field, way]) => [field, directions[way]] as const),
    ],
  };
}

/** Every index ends in the document's name, in the direction of its last field: an order that ends so needs no more of it. */
function withoutName(orderBy: Shape["orderBy"]): Shape["orderBy"] {
  const [field, way] = orderBy.at(-1) ?? [];
  const natural = orderBy.at(-2)?.[1] ?? "asc";
  return field === "__name__" && way === natural
    ? orderBy.slice(0, -1)
    : orderBy;
}

/** Whether `firestore.indexes.json` declares what a query needs beyond the single-field indexes that every collection has (Cloud Firestore, Index types). */
function isServed(shape: Shape, declared: z.infer<typeof Indexes>): boolean {
  const { equal, sorted, contains } = neededFor(shape);
  const scope = shape.group ? "COLLECTION_GROUP" : "COLLECTION";
  const fields = equal.length + contains.length + sorted.length;
  if (fields <= 1 || (sorted.length === 0 && contains.length === 0)) {
    // Single-field indexes serve it, merged where there are several: but those of a collection group are declared.
    if (!shape.group && !isExempt([...equal, ...contains])) return true;
    return [...equal, ...contains, ...sorted.map(([field]) => field)].every(
      (field) =>
        declared.fieldOverrides.some(
          (override) =>
            override.collectionGroup === shape.collection &&
            override.fieldPath === field &&
            override.indexes.some(({ queryScope }) => queryScope === scope),
        ),
    );
  }
  return declared.indexes.some((index) => {
    if (index.collectionGroup !== shape.collection) return false;
    if (index.queryScope !== scope || index.fields.length !== fields) {
      return false;
    }
    const head = index.fields.slice(0, equal.length + contains.length);
    const tail = index.fields.slice(equal.length + contains.length);
    return (
      equal.every((field) =>
        head.some((f) => f.fieldPath === field && f.order !== undefined),
      ) &&
      contains.every((field) =>
        head.some((f) => f.fieldPath === field && f.arrayConfig !== undefined),
      ) &&
      sorted.every(
        ([field, order], i) =>
          tail[i]?.fieldPath === field && tail[i].order === order,
      )
    );
  });

  function isExempt(wanted: readonly string[]): boolean {
    return declared.fieldOverrides.some(
      (override) =>
        override.collectionGroup === shape.collection &&
        wanted.includes(override.fieldPath) &&
        !override.indexes.some(({ queryScope }) => queryScope === scope),
    );
  }
}

const folder = process.env["QUERY_SHAPES_DIR"] ?? "";
const shapes = new Map<string, Shape>();
for (const file of readdirSync(folder)) {
  const read: unknown = JSON.parse(readFileSync(join(folder, file), "utf8"));
  for (const shape of z.array(Shape).parse(read)) {
    shapes.set(JSON.stringify(shape), shape);
  }
}
const declared = Indexes.parse(
  JSON.parse(readFileSync(join(root, "firestore.indexes.json"), "utf8")),
);
const missing = [...shapes.values()].filter(
  (shape) => !isServed(shape, declared),
);
for (const shape of missing) {
  console.error(
    `firestore.indexes.json has no index for this query of the tests: ${JSON.stringify(shape)}`,
  );
}
console.log(
  `Indexes: ${shapes.size} shapes of queries, ${shapes.size - missing.length} served`,
);
process.exitCode = missing.length === 0 && shapes.size > 0 ? 0 : 1;
