import {
  leaseSlackMs,
  TopicName,
} from "../../functions/src/domain/messages/topics.ts";
import { budgetFor } from "../../functions/src/pipeline/index.ts";
import { findAccount, usersOf } from "./accounts.ts";
import type { Discovered, Trigger } from "./discovery.ts";

/** What the platform allows, in seconds (Cloud Functions, Quotas; a schedule's attempt lasts 30 minutes at most). */
const longestS = {
  topic: 540,
  schedule: 1800,
  "task queue": 1800,
  https: 3600,
};

/** What is wrong with what a deploy would find, a sentence each; none where all is as it is meant. */
export function findProblems({
  triggers,
  params,
}: Discovered): readonly string[] {
  const regions = new Set(triggers.flatMap(({ regions: of }) => of));
  return [
    ...(regions.size === 1
      ? []
      : [`The functions are in ${regions.size} regions, not in one.`]),
    ...TopicName.options.flatMap((topic) => servedOnce(topic, triggers)),
    ...triggers.flatMap((trigger) => [
      ...findLimitProblems(trigger),
      ...findIdentityProblems(trigger),
    ]),
    ...findSecretProblems(triggers),
    ...params
      .filter(
        ({ type, default: value }) => type !== "secret" && value === undefined,
      )
      .map(({ name }) => `The parameter ${name} has no default.`),
  ];
}

function servedOnce(
  topic: TopicName,
  triggers: readonly Trigger[],
): readonly string[] {
  const serving = triggers.filter(
    ({ kind, of }) => kind === "topic" && of === topic,
  );
  return serving.length === 1
    ? []
    : [`${serving.length} functions work on the topic ${topic}, not one.`];
}

function findLimitProblems(trigger: Trigger): readonly string[] {
  const { name, kind, of, timeoutS, retry, maxInstances } = trigger;
  const problems: string[] = [];
  if (timeoutS === null || timeoutS > longestS[kind])
    problems.push(
      `${name} may run for ${timeoutS ?? "the default of"} s; the platform allows a ${kind} ${longestS[kind]} s.`,
    );
  if (maxInstances === null)
    problems.push(`${name} has no limit to its instances.`);
  if (kind !== "topic") return problems;
  const topic = TopicName.safeParse(of);
  if (!topic.success)
    return [...problems, `${name} serves ${of}, which is no topic.`];
  // The last run that a function goes on with ends within its own lease.
  const takes = budgetFor(topic.data) / 1000;
  const endsBy = takes + leaseSlackMs / 1000;
  if (timeoutS !== null && (timeoutS < takes || timeoutS > endsBy))
    problems.push(
      `${name} may run for ${timeoutS} s, but ${of} and what it goes on with takes up to ${takes} s, and the last lease ends after ${endsBy} s.`,
    );
  if (retry)
    problems.push(
      `${name} lets the platform retry; messages do that themselves.`,
    );
  return problems;
}

function findIdentityProblems({
  name,
  serviceAccount,
}: Trigger): readonly string[] {
  const account = findAccount(name);
  if (account === undefined)
    return [`${name} belongs to no service account of dev/deploy/accounts.ts.`];
  return serviceAccount === null || serviceAccount === `${account.id}@`
    ? []
    : [`${name} runs as ${serviceAccount}, not as ${account.id}@.`];
}

function findSecretProblems(triggers: readonly Trigger[]): readonly string[] {
  const bound = new Set(triggers.flatMap(({ secrets }) => secrets));
  return [...new Set([...bound, ...Object.keys(usersOf)])].flatMap((secret) => {
    const users = usersOf[secret] ?? [];
    const has = triggers.filter(({ secrets }) => secrets.includes(secret));
    return [
      ...has
        .filter(({ name }) => !users.includes(name))
        .map(
          ({ name }) => `${name} is given ${secret}, which it has no use for.`,
        ),
      ...users
        .filter((user) => !has.some(({ name }) => name === user))
        .map((user) => `${user} needs ${secret} and is not given it.`),
    ];
  });
}
