import type { Connector } from "../../pipeline/ports.ts";
import { greenhouse, type GreenhouseSettings } from "./greenhouse.ts";
import { rss, type RssSettings } from "./rss.ts";
import { sec, type SecSettings } from "./sec.ts";

/** The settings of each connector. */
export interface ConnectorSettings {
  readonly sec: SecSettings;
  readonly rss: RssSettings;
  readonly greenhouse: GreenhouseSettings;
}

/** Every connector, by the kind of source that it looks at. */
export function connectors(settings: ConnectorSettings) {
  return {
    sec: sec(settings.sec),
    rss: rss(settings.rss),
    greenhouse: greenhouse(settings.greenhouse),
  } satisfies Readonly<Partial<Record<Connector["kind"], Connector>>>;
}
