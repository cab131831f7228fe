import { looking, type LookNeeds } from "./monitor.ts";
import type { Stage } from "../../ports/stage.ts";

/** What monitor does, for the sources that are asked with a vendor's key. */
export const monitorVendor: Stage<"vendor-due", LookNeeds> =
  looking("vendor-due");
