import type { Edit } from "./edit.ts";
import type { Match, Statements } from "./statements.ts";

/** Every door that somebody could add: to what no rule names, to all tenants at once, to everything. */
export function openings(
  { matches }: Statements,
  denied: readonly string[],
): readonly Edit[] {
  const [root, ...inner] = matches;
  const firstName = ({ path }: Match) => path[0]?.text ?? "";
  const tenant = inner.find((match) => firstName(match) === "tenants");
  if (root === undefined || tenant === undefined)
    throw new Error("The rules have no match for a tenant.");
  const names = inner.filter((match) => match !== tenant).map(firstName);
  return [
    ...denied.flatMap((collection) =>
      ["isMember()", "hasRole(['ADMIN'])"].map((condition) =>
        addStatement(
          tenant,
          toPath(collection),
          `allow read: if ${condition};`,
        ),
      ),
    ),
    ...["/inbox/{a}/{b=**}", "/opportunities/{a}/{b=**}", "/{a=**}"].flatMap(
      (path) =>
        ["get", "list", "create", "update", "delete"].map((verb) =>
          addStatement(tenant, path, `allow ${verb}: if hasRole(['ADMIN']);`),
        ),
    ),
    ...names.flatMap((name) =>
      [
        "request.auth != null",
        "resource.data.audience.hasAny(['u:' + request.auth.uid])",
      ].map((condition) =>
        addStatement(
          root,
          `/{path=**}/${name}/{id}`,
          `allow list: if ${condition};`,
        ),
      ),
    ),
    ...["read", "get", "list", "write"].map((verb) =>
      addStatement(
        root,
        "/{path=**}",
        `allow ${verb}: if request.auth != null;`,
      ),
    ),
  ];
}

function addStatement(within: Match, path: string, statement: string): Edit {
  const { inside } = within;
  const replacement = `\nmatch ${path} { ${statement} }\n`;
  return {
    sort: "opening",
    where: "",
    start: inside,
    end: inside,
    replacement,
  };
}

/** `/snapshots/{x0}/parts/{x1}` */
function toPath(collection: string): string {
  return collection
    .split("/")
    .map((name, n) => `/${name}/{x${n}}`)
    .join("");
}
