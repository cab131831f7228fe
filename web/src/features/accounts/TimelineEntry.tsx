import {
  IconAntenna,
  IconBan,
  IconCloudUpload,
  IconHourglass,
  IconSparkles,
  IconUserCheck,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import { crmFacts } from "../../../../functions/src/domain/crm/activation.ts";
import { happenedAt } from "../../../../functions/src/domain/signals/occurrence.ts";
import type { Theme } from "../../../../functions/src/domain/signals/themes.ts";
import { useMoments } from "../../lib/moments.ts";
import { useNameOf } from "../../lib/people.ts";
import { useSession } from "../../lib/session.ts";
import { Moment } from "../../parts/Moment.tsx";
import { Told } from "./Told.tsx";
import classes from "./TimelineEntry.module.css";
import type { Entry } from "./timeline.ts";
import { webAddress } from "./webAddress.ts";

const icons: Readonly<Record<Entry["kind"], typeof IconBan>> = {
  signal: IconAntenna,
  card: IconSparkles,
  decision: IconUserCheck,
  drop: IconBan,
  crm: IconCloudUpload,
};

/** One thing that happened: what, when, and the way to it. */
export const TimelineEntry = memo(function TimelineEntry({
  entry,
}: {
  readonly entry: Entry;
}) {
  const t = useTranslations("accounts");
  const isHeld = entry.kind === "drop" && entry.record.verdict === "held";
  const Icon = isHeld ? IconHourglass : icons[entry.kind];
  return (
    <li className={classes["entry"]} data-kind={entry.kind}>
      <span className={classes["icon"]} title={t(`one.${entry.kind}`)}>
        <Icon
          size={15}
          stroke={1.75}
          role="img"
          aria-label={t(`one.${entry.kind}`)}
        />
      </span>
      <div className={classes["text"]}>
        <span className={classes["title"]}>
          <Title entry={entry} />
        </span>
        <span className={classes["what"]}>
          <What entry={entry} />
        </span>
        {entry.kind === "signal" && <Themes of={entry.signal.themes} />}
      </div>
      <span className={classes["when"]}>
        <Moment at={entry.at} />
      </span>
    </li>
  );
});

function Title({ entry }: { readonly entry: Entry }) {
  const t = useTranslations("accounts");
  const crmName = useTranslations("crmName");
  switch (entry.kind) {
    case "signal":
      return <Source url={entry.signal.url}>{entry.signal.title}</Source>;
    case "drop":
      return (
        <Source url={entry.record.url}>
          {entry.record.title === "" ? t("untitled") : entry.record.title}
        </Source>
      );
    case "card":
    case "decision":
      return <ToCard id={entry.card.id}>{entry.card.title}</ToCard>;
    case "crm": {
      const { crm, link, opportunityId } = entry.activation;
      const records = crmFacts[crm].records.join("");
      const written = t("crm", { crm: crmName(crm), records });
      return link === null ? (
        <ToCard id={opportunityId}>{written}</ToCard>
      ) : (
        <Source url={link}>{written}</Source>
      );
    }
  }
}

function What({ entry }: { readonly entry: Entry }) {
  const t = useTranslations("accounts");
  const categoryName = useTranslations("category");
  const sourceName = useTranslations("source");
  const statusName = useTranslations("status");
  const nameOf = useNameOf();
  const { day } = useMoments();
  switch (entry.kind) {
    case "signal": {
      const { source, publisher, category, status } = entry.signal;
      const parts = [
        sourceName(source),
        publisher,
        categoryName(category),
        t("happenedOn", { day: day(happenedAt(entry.signal)) }),
        t(`signalStatus.${status}`),
      ];
      return parts.filter((part) => part !== "").join(" · ");
    }
    case "drop":
      return <Told record={entry.record} />;
    case "card":
    case "decision": {
      const { card, step } = entry;
      if (step === null)
        return isStatus(card.status)
          ? t("standsAt", { status: statusName(card.status) })
          : card.status;
      const what = isTold(step.what) ? t(`step.${step.what}`) : step.what;
      const by = entry.kind === "decision" ? nameOf(step.by) : null;
      return (
        <>
          {by === null ? what : t("stepBy", { what, by })}
          {step.note !== null && step.note !== "" && <q>{step.note}</q>}
        </>
      );
    }
    case "crm": {
      const { state, error, opportunityId } = entry.activation;
      return (
        <>
          {t(`write.${state}`)}
          {error !== null && `: ${error.message}`}
          {" · "}
          <ToCard id={opportunityId}>
            {entry.card?.title ?? t("theCard")}
          </ToCard>
        </>
      );
    }
  }
}

/** As many as say what it is about without hiding what else happened. */
const themesShown = 4;

function Themes({ of }: { readonly of: readonly Theme[] }) {
  const themeName = useTranslations("theme");
  if (of.length === 0) return null;
  return (
    <ul className={classes["themes"]}>
      {of.slice(0, themesShown).map((theme) => (
        <li key={theme}>{themeName(theme)}</li>
      ))}
    </ul>
  );
}

function Source({
  url,
  children,
}: {
  readonly url: string | null;
  readonly children: ReactNode;
}) {
  const address = webAddress(url);
  if (address === null) return children;
  return (
    <a
      className={classes["link"]}
      href={address}
      target="_blank"
      rel="noopener noreferrer"
    >
      {children}
    </a>
  );
}

function ToCard({
  id,
  children,
}: {
  readonly id: string;
  readonly children: ReactNode;
}) {
  const { tenantId } = useSession();
  return (
    <Link
      className={classes["link"]}
      to="/t/$tenant/opportunities/$id"
      params={{ tenant: tenantId, id }}
    >
      {children}
    </Link>
  );
}

const steps = [
  "written",
  "more evidence",
  "rewritten",
  "approve",
  "withdraw",
  "reject",
  "reopen",
  "refine",
  "outreach edited",
  "snooze",
  "wake",
  "escalated",
  "expire",
  "retry",
] as const;

function isTold(what: string): what is (typeof steps)[number] {
  return steps.some((step) => step === what);
}

const statuses = [
  "draft",
  "in_review",
  "approved",
  "activating",
  "activated",
  "partially_activated",
  "activation_failed",
  "not_connected",
  "rejected",
  "snoozed",
  "expired",
] as const;

function isStatus(status: string): status is (typeof statuses)[number] {
  return statuses.some((known) => known === status);
}
