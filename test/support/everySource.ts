import type {
  LookedAt,
  Source,
} from "../../functions/src/domain/sources/source.ts";
import * as boards from "./jobBoards.ts";
import { searches } from "./searches.ts";
import { amplitude, news, nvidia } from "./sources.ts";
import { tenantSystems } from "./tenantSystems.ts";

/** A source of every kind that a connector looks at; one that is missing does not compile. */
export const everySource: Readonly<Record<LookedAt, Source>> = {
  sec: nvidia,
  rss: news,
  greenhouse: amplitude,
  lever: boards.brindlewick,
  ashby: boards.quillmere,
  workable: boards.harrowgate,
  smartrecruiters: boards.saltmarsh,
  recruitee: boards.tarnbrook,
  personio: boards.waldquell,
  ...searches,
  ...tenantSystems,
};
