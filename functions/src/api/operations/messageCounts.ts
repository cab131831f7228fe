import * as at from "../../domain/collections.ts";
import type { TenantId } from "../../domain/kernel/ids.ts";
import type { Message } from "../../domain/messages/message.ts";
import type { Query } from "../../ports/store.ts";
import type { ApiDeps } from "../http/context.ts";

/** How many of a tenant's messages match the query in each state, each counted up to the limit. */
export async function countMessages(
  tenantId: TenantId,
  { where, limit }: Pick<Query<Message>, "where" | "limit">,
  { store }: Pick<ApiDeps, "store">,
) {
  const count = (state: "open" | "done" | "parked") =>
    store.count({
      collection: at.messages(tenantId),
      where: [...where, ["state", "==", state]],
      limit,
    });
  const [open, done, parked] = await Promise.all([
    count("open"),
    count("done"),
    count("parked"),
  ]);
  return { open, done, parked };
}
