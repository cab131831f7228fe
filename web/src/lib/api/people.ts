import { useEffect, useState } from "react";
import { z } from "zod";
import { type Api, useApi } from "./api.ts";

const Person = z.object({
  uid: z.string(),
  name: z.string(),
  role: z.string(),
  isLead: z.boolean(),
  active: z.boolean(),
});
export type Person = z.infer<typeof Person>;

const Page = z.object({
  items: z.array(Person),
  nextCursor: z.string().nullable(),
});

let asked: {
  readonly api: Api;
  readonly people: Promise<readonly Person[]>;
} | null = null;

/** The tenant's members, fetched once; empty until they are loaded. */
export function usePeople(): readonly Person[] {
  const api = useApi();
  const [people, setPeople] = useState<readonly Person[]>([]);
  useEffect(() => {
    let current = true;
    asked ??= { api, people: readPeople(api) };
    asked.people.then(
      (all) => {
        if (current) setPeople(all);
      },
      () => {
        asked = null;
      },
    );
    return () => {
      current = false;
    };
  }, [api]);
  return people;
}

/** A person's name; a part of the pipeline is named by what it is, a stranger by their id. */
export function usePersonName(): (by: string) => string {
  const people = usePeople();
  return (by) =>
    people.find(({ uid }) => uid === by)?.name ??
    by.replace(/^system:/, "").replaceAll("-", " ");
}

/** At most a thousand. */
async function readPeople(api: Api): Promise<readonly Person[]> {
  const people: Person[] = [];
  for (
    let cursor: string | null = "";
    cursor !== null && people.length < 1000;
  ) {
    const page: z.infer<typeof Page> = await api.call({
      path: `/people?limit=200${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
      answer: Page,
    });
    people.push(...page.items);
    cursor = page.nextCursor;
  }
  return people;
}
