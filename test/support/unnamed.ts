import * as at from "../../functions/src/domain/collections.ts";
import { MessageId } from "../../functions/src/domain/kernel/ids.ts";
import { addMs, secondMs } from "../../functions/src/domain/kernel/instant.ts";
import { accountKeys } from "../../functions/src/domain/resolution/lookup.ts";
import type { Emission } from "../../functions/src/domain/messages/message.ts";
import { commitOutcome } from "../../functions/src/delivery/commit.ts";
import { create } from "../../functions/src/ports/store.ts";
import { stageFor } from "../../functions/src/pipeline/index.ts";
import { deliver } from "../../functions/src/delivery/deliver.ts";
import { acme, initech, openApi, type TestApi } from "./api.ts";
import { aPlaybook } from "./builders.ts";
import { all } from "./stories.ts";

/** The API over two accounts that share no name and no domain. */
export async function apartApi(): Promise<TestApi> {
  const api = await openApi();
  const apart = { name: "Initech", aliases: [], domains: ["initech.example"] };
  await api.database.db.doc(at.account(acme, initech).path).update({
    ...apart,
    lookup: accountKeys({ ...apart, identifiers: {}, moreIdentifiers: [] }),
  });
  return api;
}

type Received = Emission<"signal-received">["payload"];

/** A signal as an entrance hands it in that does not know whose it is. */
export function unnamed(
  n: number | string,
  changes: {
    readonly title?: string;
    readonly text?: string;
    readonly url?: string | null;
    readonly about?: Received["about"];
  } = {},
): Emission<"signal-received"> {
  const title = changes.title ?? `A board appoints an officer, ${n}`;
  const text =
    changes.text ??
    `${title}. The board appointed Pat Doe ${n} as chief information officer on March 3, 2026. The new officer will review all ${n} supplier contracts within 90 days.`;
  return {
    topic: "signal-received",
    payload: {
      accountId: null,
      sourceKey: "webhook",
      item: {
        source: "webhook",
        itemId: `event-${n}`,
        revision: "",
        url: changes.url ?? null,
        title,
        publisher: "Another system",
        publishedAt: null,
        facts: {},
      },
      handedIn: { title, text },
      by: null,
      ...(changes.about === undefined ? {} : { about: changes.about }),
    },
  };
}

/** Hands it in under a trace, as an entrance does; a second time changes nothing. */
export async function handIn(
  api: TestApi,
  emission: Emission<"signal-received">,
  traceId = "hook-1",
): Promise<void> {
  const origin = { traceId, runId: null, causedBy: null };
  const author = { tenantId: acme, actor: "system:test", origin };
  await commitOutcome({ outcome: { emits: [emission] } }, author, api.deps);
}

/** Runs all that is due within five seconds or is to be tried again, and what follows from it. */
export async function settle(api: TestApi): Promise<void> {
  for (;;) {
    const open = await api.deps.store.query({
      collection: at.messages(acme),
      where: [["state", "==", "open"]],
      limit: 300,
    });
    const soon = addMs(api.clock.now(), 5 * secondMs);
    const due = open.filter(
      ({ data }) => data.attempts > 0 || data.runAt <= soon,
    );
    if (due.length === 0) return;
    const latest = Math.max(...due.map(({ data }) => data.runAt.getTime()));
    api.clock.advance(Math.max(0, latest - api.clock.now().getTime()));
    for (const { id } of due) {
      const messageId = MessageId.parse(id);
      await deliver({ tenantId: acme, messageId }, { stageFor }, api.deps);
    }
  }
}

/** What a card of new leadership is written by. */
export const aLibrary = [create(at.playbook(acme, "welcome"), aPlaybook())];

/** What became of what was handed in: signals by account, cards, decisions, and what waits for a person. */
export async function story(api: TestApi) {
  const [signals, cards, decisions, resolutions] = await Promise.all([
    all(api, at.signals(acme)),
    all(api, at.opportunities(acme)),
    all(api, at.decisions(acme)),
    all(api, at.resolutions(acme)),
  ]);
  return { signals, cards, decisions, resolutions };
}
