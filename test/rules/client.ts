import { readFileSync } from "node:fs";
import { z } from "zod";
import { lastSegment } from "../../functions/src/domain/collections.ts";
import { documentsOf, emulatorUrl, toValue, useRules } from "./emulatorRest.ts";

/** What a token claims; `tenants` is null for somebody who is not signed in. */
export interface Claims {
  readonly uid: string;
  readonly tenants?: readonly string[] | null;
  /** Claims that nobody gave and that the rules must not believe. */
  readonly forged?: object;
}

/** A list, of a collection or of all collections of that name. */
export interface Asked {
  /** The audience keys to filter by; null for no filter. */
  readonly keys?: readonly string[] | null;
  /** Null for no limit. */
  readonly limit?: number | null;
  readonly group?: boolean;
}

/** The rules of the repository. */
export const rules = readFileSync(
  new URL("../../firestore.rules", import.meta.url),
  "utf8",
);

/** Puts firestore.rules in force for a project of the emulator; throws where they do not compile. */
export async function loadRules(projectId: string): Promise<void> {
  const wrong = await useRules(projectId, rules);
  if (wrong !== null) throw new Error(wrong);
}

/**
 * One person's access to the emulator over REST, under the rules: a hundred times quicker than an SDK each. Every
 * answer but yes and denied throws; a document that is not there but may be looked for is a yes.
 */
export function clientOf(projectId: string, claims: Claims) {
  const root = `${emulatorUrl()}/v1/${documentsOf(projectId)}`;
  const headers = headersOf(projectId, claims);

  async function ask(method: string, path: string, body?: object) {
    const response = await fetch(`${root}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 403) return null;
    if (response.ok || (method === "GET" && response.status === 404))
      return text;
    throw new Error(`${response.status} ${path}: ${text}`);
  }

  /** The paths of the documents that a structured query answers with. */
  async function query(above: string, structuredQuery: object) {
    const text = await ask("POST", `${above}:runQuery`, { structuredQuery });
    if (text === null) return "denied";
    return Results.parse(JSON.parse(text)).flatMap(({ document }) =>
      document === undefined ? [] : document.name.split("/documents/").slice(1),
    );
  }

  return {
    query,
    /** Whether the document could be got. */
    get: async (path: string) => (await ask("GET", `/${path}`)) !== null,
    /** The ids that a list answers with. */
    list: async (collection: string, asked: Asked = {}) => {
      const { keys = null, limit = 100, group = false } = asked;
      const cut = collection.lastIndexOf("/");
      const above = cut < 0 ? "" : `/${collection.slice(0, cut)}`;
      const from = [
        { collectionId: collection.slice(cut + 1), allDescendants: group },
      ];
      const answer = await query(above, {
        from,
        ...(keys === null ? {} : { where: anyOf(keys) }),
        ...(limit === null ? {} : { limit }),
      });
      return answer === "denied" ? answer : answer.map(lastSegment);
    },
    /** Whether a list of its collection answers that is filtered by the document's own name. */
    listByName: async (path: string) => {
      const [collectionId = "", ...above] = path.split("/").reverse().slice(1);
      const name = `${documentsOf(projectId)}/${path}`;
      const where = filter("__name__", "EQUAL", { referenceValue: name });
      const folder = above
        .reverse()
        .map((part) => `/${part}`)
        .join("");
      const from = [{ collectionId }];
      return (await query(folder, { from, where, limit: 1 })) !== "denied";
    },
    /** How many documents a structured query would find. */
    count: async (above: string, structuredQuery: object) => {
      const text = await ask("POST", `${above}:runAggregationQuery`, {
        structuredAggregationQuery: {
          structuredQuery,
          aggregations: [{ alias: "n", count: {} }],
        },
      });
      if (text === null) return "denied";
      const [{ result }] = Counted.parse(JSON.parse(text));
      return Number(result.aggregateFields.n.integerValue);
    },
    /** Whether one field could be written, in a document that is there or not. */
    set: async (path: string, field: string, stringValue: string) => {
      const mask = `updateMask.fieldPaths=${field}`;
      const fields = { [field]: { stringValue } };
      return (await ask("PATCH", `/${path}?${mask}`, { fields })) !== null;
    },
    /** Whether the document could be deleted. */
    remove: async (path: string) => (await ask("DELETE", `/${path}`)) !== null,
  };
}

const Results = z.array(
  z.object({ document: z.object({ name: z.string() }).optional() }),
);

const Counted = z.tuple([
  z.object({
    result: z.object({
      aggregateFields: z.object({ n: z.object({ integerValue: z.string() }) }),
    }),
  }),
]);

/** The filter by which account managers list. */
export function anyOf(keys: readonly string[]): object {
  return filter("audience", "ARRAY_CONTAINS_ANY", toValue(keys));
}

/** A filter on one field; the value as REST writes it. */
export function filter(fieldPath: string, op: string, value: object): object {
  return { fieldFilter: { field: { fieldPath }, op, value } };
}

/** A token as the emulator takes it, without a signature. */
function headersOf(projectId: string, { uid, tenants, forged }: Claims) {
  if (tenants === null) return {};
  const part = (json: object) =>
    Buffer.from(JSON.stringify(json)).toString("base64url");
  const iss = `https://securetoken.google.com/${projectId}`;
  const times = { iat: 0, auth_time: 0, exp: 4_000_000_000 };
  const claims = {
    ...forged,
    sub: uid,
    tenants,
    iss,
    aud: projectId,
    ...times,
  };
  const token = `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.`;
  return { authorization: `Bearer ${token}` };
}
