import {
  IconAlarm,
  IconBriefcase,
  IconChartLine,
  IconCloud,
  IconFileText,
  IconFlame,
  IconNews,
  IconMessage,
} from "@tabler/icons-react";
import { memo } from "react";
import { useTranslations } from "use-intl";
import type { InboxItem } from "../../../../../../functions/src/domain/cards/inbox.ts";
import {
  sourceFacts,
  type SignalType,
  type SourceKind,
} from "../../../../../../functions/src/domain/sources/source.ts";
import type { WithId } from "../../../../lib/firestore/live.ts";
import { useMoments } from "../../../../lib/language/moments.ts";
import { Score } from "../../../../parts/Score.tsx";
import { StatusBadge } from "../../../../parts/StatusBadge.tsx";
import classes from "./InboxRow.module.css";

const icons: Readonly<Record<SignalType, typeof IconNews>> = {
  filing: IconFileText,
  news: IconNews,
  job: IconBriefcase,
  crm: IconCloud,
  metric: IconChartLine,
  tip: IconMessage,
};

export interface RowProps {
  readonly item: WithId<InboxItem>;
  /** From one on. */
  readonly place: number;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly isNew: boolean;
  readonly canSelect: boolean;
  readonly showStatus: boolean;
  readonly onOpen: (id: string) => void;
  readonly onSelect: (id: string) => void;
}

/** One card of the inbox, in three lines. */
export const InboxRow = memo(function InboxRow({
  item,
  place,
  isActive,
  isSelected,
  isNew,
  canSelect,
  showStatus,
  onOpen,
  onSelect,
}: RowProps) {
  const t = useTranslations("inbox");
  const category = useTranslations("category");
  return (
    <div
      className={classes["row"]}
      role="row"
      aria-rowindex={place}
      id={`card-${item.id}`}
      aria-selected={isActive}
      data-active={isActive || undefined}
      data-new={isNew || undefined}
      onClick={() => {
        onOpen(item.id);
      }}
    >
      <div role="gridcell">
        <Score value={item.score} />
      </div>
      <div role="gridcell" className={classes["text"]}>
        <div className={classes["line"]}>
          <span className={classes["account"]}>{item.accountName}</span>
          <span className={classes["quiet"]}>{category(item.category)}</span>
          <Sources kinds={item.sources} />
          <span className={classes["space"]} />
          {showStatus ? (
            <StatusBadge status={item.status} />
          ) : (
            <Due item={item} />
          )}
        </div>
        <div className={classes["title"]}>
          {isNew && <span className={classes["dot"]} title={t("new")} />}
          {item.title}
        </div>
        <div className={classes["quiet"]}>{item.summary}</div>
      </div>
      {canSelect && (
        <SelectCell
          title={item.title}
          isSelected={isSelected}
          onSelect={() => {
            onSelect(item.id);
          }}
        />
      )}
    </div>
  );
});

function SelectCell({
  title,
  isSelected,
  onSelect,
}: {
  readonly title: string;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}) {
  const t = useTranslations("inbox");
  return (
    <div role="gridcell" className={classes["select"]}>
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={t("select", { title })}
        checked={isSelected}
        onClick={(event) => {
          event.stopPropagation();
        }}
        onChange={onSelect}
      />
    </div>
  );
}

function Sources({ kinds }: { readonly kinds: readonly SourceKind[] }) {
  const source = useTranslations("source");
  return (
    <span className={classes["icons"]}>
      {kinds.map((kind) => {
        const Icon = icons[sourceFacts[kind].type];
        return (
          <Icon
            key={kind}
            size={14}
            stroke={1.75}
            role="img"
            aria-label={source(kind)}
          />
        );
      })}
    </span>
  );
}

function Due({ item }: { readonly item: WithId<InboxItem> }) {
  const t = useTranslations("inbox");
  const { near, full } = useMoments();
  if (item.dueAt === null) return null;
  const isLate = item.escalated || item.dueAt < new Date();
  const Icon = item.escalated ? IconFlame : IconAlarm;
  return (
    <span
      title={t(item.escalated ? "escalatedAt" : "dueAt", {
        when: full(item.dueAt),
      })}
      className={classes["due"]}
      data-late={isLate || undefined}
    >
      <Icon size={13} aria-hidden /> {near(item.dueAt)}
    </span>
  );
}
