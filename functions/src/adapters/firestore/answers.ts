import * as at from "../../domain/collections.ts";
import { RetryableError } from "../../domain/kernel/errors.ts";
import type { ModelCall } from "../../domain/prompts/modelCall.ts";
import type { Answers } from "../../ports/writing.ts";
import type { Clock } from "../../ports/clock.ts";
import { create, type Store } from "../../ports/store.ts";

/** The answers in `tenants/{t}/models/{hash}`, where the first of several stands. */
export function storedAnswers(
  store: Pick<Store, "read" | "commit">,
  clock: Pick<Clock, "now">,
): Answers {
  const read: Answers["read"] = async (tenantId, inputHash) =>
    (await store.read(at.modelCall(tenantId, inputHash)))?.data ?? null;
  return {
    read,
    keep: async (tenantId, call): Promise<ModelCall> => {
      const ref = at.modelCall(tenantId, call.inputHash);
      await store.commit([create(ref, call)], clock.now());
      const standing = await read(tenantId, call.inputHash);
      if (standing === null)
        throw new RetryableError(
          "store-busy",
          `${ref.path} was kept, and is not there.`,
        );
      return standing;
    },
  };
}
