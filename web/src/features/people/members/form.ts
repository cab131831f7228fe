import { z } from "zod";
import type { Role } from "../../../../../functions/src/domain/people/roles.ts";

/** What an administrator says of a person, invited or a member. */
export interface MemberFields {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly teams: readonly string[];
  readonly isLead: boolean;
}

/** The form of somebody who is not known yet. */
export const emptyFields: MemberFields = {
  email: "",
  name: "",
  role: "ACCOUNT_MANAGER",
  teams: [],
  isLead: false,
};

/** What the API answers to each of these commands, as far as it matters here: lists are live. */
export const Done = z.object({ version: z.int() });

/** The teams of a line, each once. */
export function parseTeams(line: string): readonly string[] {
  const teams = line.split(",").map((team) => team.trim());
  return [...new Set(teams.filter((team) => team !== ""))];
}
