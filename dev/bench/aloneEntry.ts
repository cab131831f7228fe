import * as at from "../../functions/src/domain/collections.ts";
import { MessageId, TenantId } from "../../functions/src/domain/kernel/ids.ts";
import type { TopicName } from "../../functions/src/domain/messages/topics.ts";
import type { Store } from "../../functions/src/ports/store.ts";
import { demoTenantId } from "../demoPeople.ts";

/** The functions as they are deployed, and with them what alone.mjs needs to work as one of them does. */
export * from "../../functions/src/index.ts";
export { dependencies } from "../../functions/src/compose.ts";
export { stageFor } from "../../functions/src/pipeline/index.ts";
export { deliver } from "../../functions/src/delivery/deliver.ts";

/** The open messages of a topic in the demo tenant. */
export async function openMessages(store: Store, topic: TopicName) {
  const tenantId = TenantId.parse(demoTenantId);
  const open = await store.query({
    collection: at.messages(tenantId),
    where: [
      ["state", "==", "open"],
      ["topic", "==", topic],
    ],
    limit: 300,
  });
  return open.map(({ id }) => ({ tenantId, messageId: MessageId.parse(id) }));
}
