import type { Stage } from "../../ports/stage.ts";
import { type PollNeeds, pollingStage } from "./monitor.ts";

/** What monitor does, for the sources that are polled with a vendor's key. */
export const monitorVendor: Stage<"vendor-due", PollNeeds> =
  pollingStage("vendor-due");
