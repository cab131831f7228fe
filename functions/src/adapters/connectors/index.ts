import type { LookedAt } from "../../domain/source.ts";
import type { Connector } from "../../pipeline/ports.ts";
import { greenhouse } from "./greenhouse.ts";
import type { Reach } from "./reach.ts";
import { rss } from "./rss.ts";
import { sec, type SecSettings } from "./sec.ts";

/** Every connector, by the kind of source that it looks at. */
export function connectors(
  reach: Reach,
  settings: { readonly sec: SecSettings },
): Readonly<Partial<Record<LookedAt, Connector>>> {
  return {
    sec: sec(reach, settings.sec),
    rss: rss(reach),
    greenhouse: greenhouse(reach),
  };
}
