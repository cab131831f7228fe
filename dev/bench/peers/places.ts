import { join } from "node:path";
import { root } from "../../places.ts";

/** What is measured beside ours, with packages of its own. */
export const peersFolder = join(root, "dev/bench/peers");
