import { z } from "zod";
import type { Role } from "../../../../../functions/src/domain/people/roles.ts";

/** What an administrator enters about a person, invited or a member. */
export interface MemberFields {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly teams: readonly string[];
  readonly isLead: boolean;
}

/** An empty form. */
export const emptyFields: MemberFields = {
  email: "",
  name: "",
  role: "ACCOUNT_MANAGER",
  teams: [],
  isLead: false,
};

/** The part of the API's answer that is used here: the lists are live. */
export const Done = z.object({ version: z.int() });

/** The comma-separated teams of a line, each once. */
export function parseTeams(line: string): readonly string[] {
  const teams = line.split(",").map((team) => team.trim());
  return [...new Set(teams.filter((team) => team !== ""))];
}
