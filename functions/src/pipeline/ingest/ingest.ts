import type { Account } from "../../domain/accounts/account.ts";
import { classify } from "../../domain/signals/classify.ts";
import * as at from "../../domain/collections.ts";
import { PermanentError } from "../../domain/kernel/errors.ts";
import { contentHash } from "../../domain/kernel/hash.ts";
import { occurrenceOf } from "../../domain/signals/occurrence.ts";
import {
  mentionOf,
  relevanceOf,
  reliabilityOf,
} from "../../domain/weighing/relevance.ts";
import { clusterIdOf, signalIdOf } from "../../domain/signals/signal.ts";
import { sourceFacts } from "../../domain/sources/source.ts";
import { themesOf } from "../../domain/signals/themes.ts";
import { drop } from "./drop.ts";
import { findDocument } from "./findDocument.ts";
import type { Stage } from "../../ports/stage.ts";
import { create, type Read } from "../../ports/store.ts";
import type { Redactor, Section } from "../../ports/reading.ts";
import { marksOf, recognise } from "./recognise.ts";
import { urlWithoutPersons } from "../redaction.ts";
import { ownerOf } from "./resolve.ts";
import { archive } from "../snapshots.ts";
import { toldAgain } from "./toldAgain.ts";

/** A text shorter than this says nothing that could be evidence. */
const minCharacters = 40;

/** How plainly a document is about an account that it need not name, since something else says whose it is. */
const mentionedByGround = 0.7;

type Needs =
  | "store"
  | "clock"
  | "connectors"
  | "reader"
  | "redactor"
  | "annotator"
  | "embedder";

/** Reads a received document, redacts and judges it, and keeps it as a signal, or records why not. */
export const ingest: Stage<"signal-received", Needs> = {
  topic: "signal-received",
  run: async (received, deps) => {
    const whose = await ownerOf(received, deps);
    if (whose.kind === "ended") return whose.outcome;
    const { job, account, holder, resolvedBy } = whose;
    const { tenantId, payload } = job;

    const found = await findDocument(job, holder, deps);
    if ("reason" in found) return drop(job, account.data, found);

    const { item } = payload;
    const text = deps.redactor.redact(found.text);
    const title = deps.redactor
      .redact(item.title || found.title || item.publisher)
      .slice(0, 500)
      .replace(/\p{Cs}/gu, "");
    if (text.length < minCharacters)
      return drop(job, account.data, {
        reason: "empty",
        detail: `It has ${text.length} characters of text.`,
      });

    const mention = Math.max(
      mentionOf(namesOf(account, holder), { source: item.source, title, text }),
      resolvedBy === null ? 0 : mentionedByGround,
    );
    if (mention === 0) {
      return drop(job, account.data, {
        reason: "not-about-account",
        detail: `It does not name ${account.data.name} or an alias.`,
      });
    }
    const now = deps.clock.now();
    const { licence } = found;
    const from = item.url ?? found.canonicalUrl ?? found.url;
    const url = from === null ? null : urlWithoutPersons(from, deps.redactor);
    const { type } = sourceFacts[item.source];
    const hash = contentHash(text);
    const snapshot = archive(
      tenantId,
      { text, sections: sectionsIn(text, found.sections, deps.redactor) },
      { url, licence, fetchedAt: now },
    );
    if (snapshot === null)
      return drop(job, account.data, {
        reason: "too-large",
        detail: `It has ${text.length} characters of text.`,
      });
    const document = {
      accountId: payload.accountId,
      type,
      title,
      text,
      url,
      hash,
    };
    const marks = marksOf(document);
    const known = await recognise(tenantId, document, marks, {
      ...deps,
      again: job.message.attempts > 0,
    });
    const { occurredAt, announcedFor } = occurrenceOf(
      [item.publishedAt, found.publishedAt],
      job.message.createdAt,
    );
    const isDated = (item.publishedAt ?? found.publishedAt) !== null;
    const publishedAt = isDated ? occurredAt : null;
    if (known.kind === "told")
      return toldAgain(job, account.data, known, {
        title,
        url,
        licence,
        publishedAt,
        snapshot,
        now,
      });

    const tenant = await deps.store.read(at.tenant(tenantId));
    if (tenant === null)
      throw new PermanentError(
        "not-found",
        `The tenant ${tenantId} does not exist.`,
      );
    const category = classify({ type, title, text, facts: item.facts });
    const relevance = relevanceOf(
      tenant.data.categoryWeights,
      category,
      mention,
    );
    const { name, aliases } = namesOf(account, holder);
    const annotations = await deps.annotator.annotate(
      {
        text,
        language: found.language,
        publishedAt,
        own: [name, ...aliases],
      },
      job.signal,
    );
    const outlet = holder.data.sources.find(
      (source) => source.key === payload.sourceKey,
    );
    const signalId = signalIdOf(payload.accountId, hash);
    const signal = create(at.signal(tenantId, signalId), {
      accountId: payload.accountId,
      audience: account.data.audience,
      provenance: account.data.provenance,
      source: item.source,
      type,
      category,
      title,
      publisher: item.publisher,
      url,
      author: authorIn(found.author, deps.redactor),
      language: found.language,
      occurredAt,
      fetchedAt: now,
      licence,
      relevance,
      reliability: reliabilityOf(
        item.source,
        outlet?.kind === "rss" ? outlet.reliability : null,
      ),
      snapshotId: snapshot.id,
      // What revises a page or corrects a story belongs to it.
      clusterId:
        known.earlier?.data.clusterId ?? clusterIdOf(type, occurredAt, hash),
      keys: [...marks.keys],
      sketch: marks.sketch,
      duplicateOf: null,
      facts: {
        ...item.facts,
        ...(resolvedBy === null ? {} : { resolvedBy }),
        ...(announcedFor === null
          ? {}
          : { announcedFor: announcedFor.toISOString() }),
      },
      annotations,
      themes: [...themesOf({ title, text })],
      status: "ingested",
      embeddedWith: null,
      unfoldedAt: null,
      receivedAt: job.message.createdAt,
      traceId: job.message.traceId,
      runId: job.message.runId,
    });
    return {
      writes: [signal, ...snapshot.writes],
      emits: [
        {
          topic: "signal-ingested",
          payload: {
            accountId: payload.accountId,
            signalId,
            embeddingModel: deps.embedder.model,
          },
        },
      ],
    };
  },
};

/** What the account goes by, and what the one that was merged into it does. */
function namesOf(
  account: Read<Account>,
  holder: Read<Account>,
): Pick<Account, "name" | "aliases"> {
  const { name, aliases } = account.data;
  if (holder.id === account.id) return { name, aliases };
  return {
    name,
    aliases: [...aliases, holder.data.name, ...holder.data.aliases],
  };
}

/** A person's name may stand in a byline, their address may not. */
function authorIn(author: string | null, redactor: Redactor): string | null {
  return author === null
    ? null
    : redactor
        .redact(author)
        .slice(0, 200)
        .replace(/\p{Cs}/gu, "") || null;
}

/** The sections where they stand once the text is redacted. */
function sectionsIn(
  text: string,
  sections: readonly Section[],
  redactor: Redactor,
): readonly Section[] {
  let from = 0;
  const found = sections.flatMap((section) => {
    const title = redactor.redact(section.title);
    const start = title === "" ? -1 : text.indexOf(title, from);
    if (start === -1) return [];
    from = start + title.length;
    return [{ title, start }];
  });
  return found.map((section, i) => ({
    ...section,
    end: found[i + 1]?.start ?? text.length,
  }));
}
