import type { Source } from "../../functions/src/domain/sources/source.ts";

export const brindlewick = {
  kind: "lever",
  key: "jobs",
  site: "brindlewick",
} as const satisfies Source;

export const quillmere = {
  kind: "ashby",
  key: "jobs",
  board: "quillmere",
} as const satisfies Source;

export const harrowgate = {
  kind: "workable",
  key: "jobs",
  account: "harrowgate-freight",
} as const satisfies Source;

export const saltmarsh = {
  kind: "smartrecruiters",
  key: "jobs",
  company: "SaltmarshEnergy",
} as const satisfies Source;

export const tarnbrook = {
  kind: "recruitee",
  key: "jobs",
  company: "tarnbrook",
} as const satisfies Source;

export const waldquell = {
  kind: "personio",
  key: "jobs",
  company: "waldquell",
} as const satisfies Source;
