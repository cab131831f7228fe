import type { Person } from "../../../lib/api/people.ts";

/** Whom a text mentions: each person whose full name follows an @; the longer name where one begins with another. */
export function findMentions(
  text: string,
  people: readonly Pick<Person, "uid" | "name">[],
): readonly string[] {
  const byLength = people.toSorted((a, b) => b.name.length - a.name.length);
  const found: string[] = [];
  let rest = text.toLocaleLowerCase();
  for (const { uid, name } of byLength) {
    const mention = `@${name.toLocaleLowerCase()}`;
    if (!rest.includes(mention)) continue;
    found.push(uid);
    rest = rest.replaceAll(mention, " ");
  }
  return found.slice(0, 20);
}
