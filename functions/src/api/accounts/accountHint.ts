import type { Account } from "../../domain/accounts/account.ts";
import { toHost, accountKeys } from "../../domain/resolution/lookup.ts";
import type { Resolution } from "../../domain/resolution/resolution.ts";
import type { Outcome } from "../../ports/stage.ts";
import { type Read, update } from "../../ports/store.ts";
import { assertNotOwn } from "./accountWrites.ts";
import { findTenant } from "../http/documents.ts";
import type { ApiContext, ApiDeps } from "../http/context.ts";
import { unfitField } from "../http/problem.ts";

/** Adds the name or domain that came with a signal to the account's own, if the account is unchanged since it was read. */
export async function addHint(
  c: ApiContext,
  {
    account,
    hint,
  }: Pick<Resolution, "hint"> & { readonly account: Read<Account> },
  deps: ApiDeps,
): Promise<Pick<Outcome, "writes" | "audit">> {
  const { data, id } = account;
  if (hint === null)
    throw unfitField(
      "remember",
      "the signal came with no name or domain to remember",
    );
  const field = hint.kind === "alias" ? "aliases" : "domains";
  const value = hint.kind === "alias" ? hint.value : toHost(hint.value);
  if (data[field].includes(value) || data.name === value) return {};
  const values = [...data[field], value];
  const limit = field === "aliases" ? 50 : 20;
  if (values.length > limit)
    throw unfitField("remember", `the account already has ${limit} ${field}`);
  const tenant = await findTenant(c.get("caller").tenantId, deps);
  assertNotOwn(tenant.data, { [field]: [value] });
  const version = data.version + 1;
  const after = { ...data, [field]: values };
  return {
    writes: [
      update(account, {
        [field]: values,
        lookup: accountKeys(after),
        version,
      }),
    ],
    audit: [
      {
        action: "UPDATE",
        entity: { kind: "account", id },
        before: { [field]: data[field], version: data.version },
        after: { [field]: values, version },
        reason: "remembered with a signal that was assigned",
      },
    ],
  };
}
