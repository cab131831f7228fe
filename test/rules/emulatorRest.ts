import { z } from "zod";

/** A value as a document or a filter holds it, of those that the rules' tests need. */
export type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | { readonly [field: string]: Value };

/** A document's fields. */
export type Fields = Readonly<Record<string, Value>>;

/** The emulator that FIRESTORE_EMULATOR_HOST names, asked at each call: a launcher may set it late. */
export function emulatorUrl(): string {
  return `http://${process.env["FIRESTORE_EMULATOR_HOST"] ?? "127.0.0.1:8080"}`;
}

/** Where a project's documents are below the emulator's REST API. */
export function documentsOf(projectId: string): string {
  return `projects/${projectId}/databases/(default)/documents`;
}

/** Puts these rules in force for a project of the emulator; what is wrong with them where they do not compile, else null. */
export async function useRules(
  projectId: string,
  content: string,
): Promise<string | null> {
  const files = [{ name: "firestore.rules", content }];
  const loaded = await fetch(
    `${emulatorUrl()}/emulator/v1/projects/${projectId}:securityRules`,
    { method: "PUT", body: JSON.stringify({ rules: { files } }) },
  );
  const text = await loaded.text();
  return loaded.ok ? null : text;
}

/** Writes whole documents, by path, past the rules, as the server does. */
export async function put(
  projectId: string,
  documents: Readonly<Record<string, Fields>>,
): Promise<void> {
  const root = documentsOf(projectId);
  const writes = Object.entries(documents).map(([path, fields]) => ({
    update: { name: `${root}/${path}`, fields: toValues(fields) },
  }));
  const response = await fetch(`${emulatorUrl()}/v1/${root}:commit`, {
    method: "POST",
    headers: { authorization: "Bearer owner" },
    body: JSON.stringify({ writes }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
}

/** A value as REST writes it. */
export function toValue(value: Value): object {
  if (value === null) return { nullValue: null };
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { booleanValue: value };
  if (typeof value === "number") return { doubleValue: value };
  if (isList(value)) return { arrayValue: { values: value.map(toValue) } };
  return { mapValue: { fields: toValues(value) } };
}

function toValues(fields: Fields): Readonly<Record<string, object>> {
  const entries = Object.entries(fields);
  return Object.fromEntries(entries.map(([name, v]) => [name, toValue(v)]));
}

function isList(value: readonly Value[] | Fields): value is readonly Value[] {
  return Array.isArray(value);
}

const Coverage = z.object({
  rules: z.object({ files: z.tuple([z.object({ content: z.string() })]) }),
  report: z.array(z.unknown()),
});

/** The rules that a project has, and what their expressions have come to so far. */
export async function ruleCoverage(projectId: string) {
  const url = `${emulatorUrl()}/emulator/v1/projects/${projectId}:ruleCoverage`;
  const response = await fetch(url);
  if (!response.ok) throw new Error(await response.text());
  const { rules, report } = Coverage.parse(await response.json());
  return { content: rules.files[0].content, report };
}
