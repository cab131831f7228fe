import type { Stage } from "../../ports/stage.ts";
import { type PollNeeds, pollingStage } from "./monitor.ts";

/** Does what monitor does for sources that need a vendor's key. */
export const monitorVendor: Stage<"vendor-due", PollNeeds> =
  pollingStage("vendor-due");
