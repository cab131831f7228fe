import { z } from "zod";
import { AccountId, Uid } from "../kernel/ids.ts";
import { SourceItem } from "../signals/signal.ts";
import { About } from "./lookup.ts";

/** The text of a signal that was handed in rather than found; already redacted. */
const HandedIn = z.object({
  title: z.string().min(1).max(500),
  text: z.string().min(1).max(20_000),
});

/** A signal as it arrives from a source, a webhook or a person, before it is read. */
export const ReceivedSignal = z
  .object({
    /** Null where whoever hands it in does not know: it is resolved when it is read. */
    accountId: AccountId.nullable(),
    sourceKey: z.string().min(1).max(100),
    item: SourceItem,
    handedIn: HandedIn.nullable(),
    by: Uid.nullable(),
    /** What is known about the account, where the account itself is not. */
    about: About.optional(),
    /** The evidence for the account, where it was resolved: the text then need not name it. */
    resolvedBy: z.string().min(1).max(300).optional(),
  })
  .refine(
    ({ accountId, handedIn }) => accountId !== null || handedIn !== null,
    {
      path: ["handedIn"],
      error: "must be given where the account is not known",
    },
  );
