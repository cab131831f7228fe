import { Button } from "@mantine/core";
import { IconFilterOff } from "@tabler/icons-react";
import { type ReactNode, Suspense } from "react";
import { useTranslations } from "use-intl";
import { lazyComponent } from "../../../lib/page/lazyComponent.ts";
import { Empty } from "../../../parts/Empty.tsx";
import { ErrorAlert } from "../../../parts/ErrorAlert.tsx";
import { BulkBar } from "./list/BulkBar.tsx";
import { EmptyInbox } from "./list/EmptyInbox.tsx";
import { hasFilters, noFilters } from "./filters.ts";
import classes from "./Inbox.module.css";
import { InboxList } from "./list/InboxList.tsx";
import { ListSkeleton } from "./list/ListSkeleton.tsx";
import type { InboxSearch } from "./search.ts";
import type { Inbox } from "./useInbox.ts";
import type { InboxActions } from "./useInboxActions.ts";

const MeaningHits = lazyComponent(
  () => import("./list/MeaningHits.tsx"),
  (module) => module.MeaningHits,
);

/** A search for meaning needs so many characters. */
const minQueryLength = 3;

interface ColumnProps {
  readonly inbox: Inbox;
  readonly actions: InboxActions;
  readonly search: InboxSearch;
  /** What is searched for, trimmed, and once it has not changed for a moment. */
  readonly query: string;
  readonly onSearch: (change: Partial<InboxSearch>) => void;
  /** Opens a card on a page of its own. */
  readonly onOpen: (id: string) => void;
  /** Opens a card where it is read: beside the list, where there is room. */
  readonly onRead: (id: string) => void;
}

/** The cards, with what can be done with the selected ones, and those that mean the same as what is searched for. */
export function CardColumn(props: ColumnProps) {
  const { inbox, actions, search, query, onSearch, onOpen, onRead } = props;
  const t = useTranslations("inbox");
  const { pages, items, isSearching } = inbox;
  const { card = null, status = "in_review" } = search;
  const ids = items.map(({ id }) => id);
  return (
    <section className={classes["column"]} aria-label={t("cards")}>
      {actions.chosen.length > 0 && (
        <BulkBar
          cards={actions.chosen}
          onAct={actions.act}
          onAll={() => {
            actions.select(ids);
          }}
          onNone={() => {
            actions.select([]);
          }}
        />
      )}
      <ListState inbox={inbox} search={search} onSearch={onSearch}>
        <InboxList
          items={items}
          activeId={card}
          selected={actions.selected}
          canSelect={actions.canSelect}
          showStatus={status !== "in_review"}
          isLoadingMore={isSearching}
          onEnd={pages.more}
          // While filters apply, places in the list are not those of the pages.
          onVisible={hasFilters(search) ? ignore : pages.setVisible}
          onSelect={actions.toggle}
          onOpen={onRead}
        />
      </ListState>
      <Suspense>
        {query.length >= minQueryLength && (
          <MeaningHits q={query} shown={new Set(ids)} onOpen={onOpen} />
        )}
      </Suspense>
    </section>
  );
}

const ignore = () => undefined;

/** The list, or why it is not there. */
function ListState({
  inbox: { pages, items, isSearching },
  search,
  onSearch,
  children,
}: Pick<ColumnProps, "inbox" | "search" | "onSearch"> & {
  readonly children: ReactNode;
}) {
  const t = useTranslations("inbox");
  if (pages.error !== null)
    return <ErrorAlert title={t("failed")} error={pages.error} />;
  if (pages.state === "loading") return <ListSkeleton />;
  if (items.length > 0 || isSearching) return children;
  if (!hasFilters(search))
    return <EmptyInbox status={search.status ?? "in_review"} />;
  return (
    <Empty
      icon={<IconFilterOff size={36} stroke={1.25} aria-hidden />}
      title={t("nothingFits")}
      text={t("nothingFitsText")}
    >
      <Button
        variant="default"
        onClick={() => {
          onSearch(noFilters);
        }}
      >
        {t("clearFilters")}
      </Button>
    </Empty>
  );
}
