import { z } from "zod";
import { PermanentError } from "../../domain/kernel/errors.ts";
import { addMs, minuteMs, secondMs } from "../../domain/kernel/instant.ts";
import { type PolledKind, sourceFacts } from "../../domain/sources/source.ts";
import { parseJsonBody } from "../web/answer.ts";
import type { WebResponse } from "../web/fetch.ts";
import { parseJson } from "../web/json.ts";
import type { Reach, Vendor } from "./reach.ts";

/** An access token (RFC 6749, section 5.1); Salesforce does not say how long its own last. */
const Token = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().optional(),
});

/** Why none is given (RFC 6749, section 5.2). */
const Refusal = z
  .object({ error: z.string().regex(/^\w{1,60}$/) })
  .catch({ error: "no reason given" });

/** What an access token is asked for with. */
export interface Grant {
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
}

/** The vendor's entry of SOURCE_KEYS where it is JSON in a text; PermanentError ("vendor-auth") names the entry and the field, never a value. */
export function parseKey<T>(
  kind: PolledKind,
  vendor: Vendor,
  schema: z.ZodType<T>,
): T {
  const read = schema.safeParse(parseJsonOrNull(vendor.key()));
  if (read.success) return read.data;
  const field = read.error.issues[0]?.path.join(".") ?? "";
  throw unusableKey(
    kind,
    field === ""
      ? "it must be a JSON object in a text"
      : `its field "${field}" is missing or not as it must be`,
  );
}

/** The error for an entry of SOURCE_KEYS that cannot be used. */
export function unusableKey(kind: PolledKind, why: string): PermanentError {
  const { name, key } = sourceFacts[kind];
  return new PermanentError(
    "vendor-auth",
    `${name} cannot be asked with "${key ?? kind}" of SOURCE_KEYS: ${why}.`,
  );
}

/**
 * The vendor, asked with an access token, which is kept until it runs out or the vendor does not take it any more:
 * then it is asked for once anew.
 */
export function withToken(
  kind: PolledKind,
  vendor: Vendor,
  { now, grant }: Pick<Reach, "now"> & { readonly grant: () => Grant },
): Vendor["ask"] {
  let kept: { readonly token: string; readonly until: Date | null } | null =
    null;

  async function renewToken(signal: AbortSignal): Promise<string> {
    const { url, form } = grant();
    const got = await vendor.ask(url, { signal, form, reads: [400, 401] });
    if (got.status === 400 || got.status === 401)
      throw unusableKey(kind, `it was refused (${refusalReason(got)})`);
    const token = parseJsonBody(got, vendor.name, Token);
    const { access_token, expires_in } = token;
    const until =
      expires_in === undefined
        ? null
        : addMs(now(), expires_in * secondMs - minuteMs);
    kept = { token: access_token, until };
    return access_token;
  }

  return async (url, options) => {
    const isGood = kept !== null && (kept.until === null || now() < kept.until);
    const token =
      kept !== null && isGood ? kept.token : await renewToken(options.signal);
    const reads = options.reads ?? [];
    const first = await vendor.ask(url, {
      ...withBearer(options, token),
      reads: [...reads, 401],
    });
    if (first.status !== 401) return first;
    return vendor.ask(
      url,
      withBearer(options, await renewToken(options.signal)),
    );
  };
}

function withBearer<
  T extends { readonly headers?: Readonly<Record<string, string>> },
>(options: T, token: string) {
  const headers = { ...options.headers, authorization: `Bearer ${token}` };
  return { ...options, headers };
}

function refusalReason(got: WebResponse): string {
  return Refusal.parse(parseJsonOrNull(new TextDecoder().decode(got.body)))
    .error;
}

function parseJsonOrNull(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}
