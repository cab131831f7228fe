import type { Account } from "../../domain/accounts/account.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import { toHost, accountKeys } from "../../domain/resolution/lookup.ts";
import type { Resolution } from "../../domain/resolution/resolution.ts";
import type { Outcome } from "../../ports/stage.ts";
import { type Read, update } from "../../ports/store.ts";
import { assertNotOwn, ownTenant } from "./accountWrites.ts";
import type { ApiDeps } from "../http/context.ts";
import { unfit } from "../http/problem.ts";

/** The account as it will be known by what a signal came with, on the condition that it is as it was read. */
export async function remembered(
  tenantId: TenantId,
  account: Read<Account>,
  { hint }: Pick<Resolution, "hint">,
  deps: ApiDeps,
): Promise<Pick<Outcome, "writes" | "audit">> {
  const { data, id } = account;
  if (hint === null)
    throw unfit("remember", "it came with no name and no domain to know it by");
  const field = hint.kind === "alias" ? "aliases" : "domains";
  const value = hint.kind === "alias" ? hint.value : toHost(hint.value);
  if (data[field].includes(value) || data.name === value) return {};
  const values = [...data[field], value];
  const limit = field === "aliases" ? 50 : 20;
  if (values.length > limit)
    throw unfit("remember", `the account has ${limit} ${field} already`);
  assertNotOwn(await ownTenant(tenantId, deps), { [field]: [value] });
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
