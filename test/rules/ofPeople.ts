import { Role } from "../../functions/src/domain/people/roles.ts";
import { asking, type Case } from "./cases.ts";
import {
  as,
  documentOf,
  memberOf,
  named,
  names,
  somebody,
} from "./database.ts";
import { put } from "./emulatorRest.ts";
import { tenant } from "./expected.ts";

const inbox = documentOf("inbox");
const messages = documentOf("messages");

/** What hangs on who somebody is, where the matrix has no column for them. */
export const ofPeople: readonly Case[] = [
  ...names.map(readsThemself),
  ...named.flatMap(readsWhatNamesThem),
  ...names.flatMap(readsTheirChoice),
  ...["unlisted", "own", "admin"].map(promotesThemself),
  ...gets("a team's name cannot smuggle in another team's key", "inbox", {
    smuggler: { [inbox]: false },
  }),
  ...gets("nobody leads a team that they are not in, or by halves", "inbox", {
    teamless: { [inbox]: false },
    halfLead: { [inbox]: false },
  }),
  ...gets("what somebody is in one tenant is nothing in another", "inbox", {
    twofold: {
      [inbox]: false,
      [messages]: false,
      "tenants/other/inbox/d1": true,
      [`tenants/${tenant}/opportunities/twofold/history/h1`]: true,
    },
    elsewhere: { "tenants/other/inbox/d1": true },
    own: {
      "tenants/other": false,
      "tenants/other/inbox/d1": false,
      "tenants/other/opportunities/d1": false,
      "tenants/other/opportunities/d1/history/d1": false,
      "tenants/other/members/own": false,
    },
  }),
  ...gets("a tenant is where tenants are, and nowhere else", "tenants", {
    admin: {
      [`unnamed/${tenant}`]: false,
      [`unnamed/${tenant}/inbox/d1`]: false,
      [`system/${tenant}/members/admin`]: false,
    },
  }),
  ...gets("what the token says of a role is not believed", "inbox", {
    forger: { [inbox]: false, [messages]: false },
  }),
  ...gets("a role that there is not opens nothing that asks for one", "inbox", {
    owner: { [documentOf("assets")]: true, [inbox]: false, [messages]: false },
  }),
  ...gets("a member is active or is not", "assets", {
    halfActive: { [documentOf("assets")]: false, [inbox]: false },
  }),
  ...demotions(),
  ...["own", "viewer"].flatMap((who) =>
    ["tenants/acme", `tenants/acme/members/${who}`, `people/${who}`].map(
      (path) =>
        asking({
          says: "what may be got alone is not listed, not even by its name",
          name: path,
          collection: path.split("/").at(-2) ?? "",
          expected: false,
          who,
          what: ({ listByName }) => listByName(path),
        }),
    ),
  ),
];

/** Nobody does for their key alone: who has left, or was never there, may still be named somewhere. */
function readsWhatNamesThem(who: string): readonly Case[] {
  const { uid, tenants, member } = somebody(who);
  const same = {
    says: "what names somebody is shown to them while they are a member with a role",
    collection: "inbox",
    expected:
      tenants?.includes(tenant) === true &&
      member?.["active"] === true &&
      Role.safeParse(member["role"]).success,
    who,
  };
  const path = `tenants/${tenant}/inbox/everybodys`;
  const keys = [`u:${uid}`];
  return [
    asking({ ...same, name: path, what: ({ get }) => get(path) }),
    asking({
      ...same,
      name: `${path} in a list`,
      what: async ({ list }) =>
        (await list(`tenants/${tenant}/inbox`, { keys })) !== "denied",
    }),
  ];
}

function readsThemself(who: string): Case {
  const { uid, tenants, member } = somebody(who);
  return asking({
    says: "members read who they are, and others do not",
    name: `members/${uid}`,
    collection: "members",
    expected: tenants?.includes(tenant) === true && member?.["active"] === true,
    who,
    what: ({ get }) => get(`tenants/${tenant}/members/${uid}`),
  });
}

/** Of no tenant: whoever is signed in, theirs alone, and nobody writes it but through the API. */
function readsTheirChoice(who: string): readonly Case[] {
  const { uid, tenants } = somebody(who);
  const path = `people/${uid}`;
  const same = {
    says: "what a person has chosen is shown to them alone, and written by nobody",
    collection: "people",
    who,
  };
  const isOwn = tenants !== null;
  return [
    asking({
      ...same,
      name: path,
      expected: isOwn,
      what: ({ get }) => get(path),
    }),
    asking({
      ...same,
      name: "people/someoneElse",
      expected: false,
      what: ({ get }) => get("people/someoneElse"),
    }),
    asking({
      ...same,
      name: `unnamed/${uid}`,
      expected: false,
      what: ({ get }) => get(`unnamed/${uid}`),
    }),
    asking({
      ...same,
      name: `${path} set`,
      expected: false,
      writes: true,
      what: ({ set }) => set(path, "defaultTenant", tenant),
    }),
  ];
}

function promotesThemself(who: string): Case {
  const path = `tenants/${tenant}/members/${who}`;
  return asking({
    says: "nobody makes themself a member or gives themself a role",
    name: path,
    collection: "members",
    expected: false,
    writes: true,
    who,
    what: ({ set }) => set(path, "role", "ADMIN"),
  });
}

/** Which documents each may get. */
function gets(
  says: string,
  collection: string,
  answers: Readonly<Record<string, Readonly<Record<string, boolean>>>>,
): readonly Case[] {
  return Object.entries(answers).flatMap(([who, byPath]) =>
    Object.entries(byPath).map(([name, expected]) =>
      asking({
        says,
        name,
        collection,
        expected,
        who,
        what: ({ get }) => get(name),
      }),
    ),
  );
}

/** Each falls, is asked, and is put back. */
function demotions(): readonly Case[] {
  const falls = [
    ["fallen", messages, { role: "VIEWER" }],
    ["fallen", documentOf("assets"), { active: false }],
    ["fallenLead", inbox, { isLead: false }],
    ["fallenLead", documentOf("signals"), { teams: [] }],
  ] as const;
  const ask = async (projectId: string) => {
    const answers: boolean[] = [];
    for (const [who, path, changes] of falls) {
      const { get } = as(projectId, who);
      answers.push(await get(path));
      await put(projectId, memberOf(who, changes));
      answers.push(await get(path));
      await put(projectId, memberOf(who));
    }
    return answers;
  };
  const says = "a demotion holds at once, whatever the token says";
  const expected = falls.flatMap(() => [true, false]);
  const name = falls.map(([who]) => who).join(", ");
  return [{ says, name, collection: "members", expected, ask }];
}
