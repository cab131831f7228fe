import { Button } from "@mantine/core";
import { useDebouncedValue, useMediaQuery } from "@mantine/hooks";
import { IconFilterOff } from "@tabler/icons-react";
import { type ReactNode, Suspense, useEffect, useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import type { InboxItem } from "../../../../functions/src/domain/cards/inbox.ts";
import { type DecisionKind, isOffered } from "../../decisions/decision.ts";
import { useDecisions } from "../../decisions/Decisions.tsx";
import { useFirstContent } from "../../lib/firstContent.ts";
import { useKeys } from "../../lib/keys.ts";
import type { Found } from "../../lib/live.ts";
import { useMay } from "../../lib/session.ts";
import { Empty } from "../../parts/Empty.tsx";
import { Trouble } from "../../parts/Trouble.tsx";
import { BulkBar } from "./BulkBar.tsx";
import { EmptyInbox } from "./EmptyInbox.tsx";
import { type InboxStatus, isSifting } from "./filters.ts";
import classes from "./Inbox.module.css";
import { InboxBar } from "./InboxBar.tsx";
import { InboxList } from "./InboxList.tsx";
import { ListSkeleton } from "./ListSkeleton.tsx";
import type { InboxSearch } from "./search.ts";
import { useInbox } from "./useInbox.ts";
import { lazyComponent } from "../../lib/lazyComponent.ts";

const MeaningHits = lazyComponent(
  () => import("./MeaningHits.tsx"),
  (module) => module.MeaningHits,
);
const KeyHelp = lazyComponent(
  () => import("./KeyHelp.tsx"),
  (module) => module.KeyHelp,
);

export interface InboxProps {
  readonly search: InboxSearch;
  /** Changes the address, hence what is shown. */
  readonly onSearch: (change: Partial<InboxSearch>) => void;
  /** Opens a card on a page of its own. */
  readonly onOpen: (id: string) => void;
  /** Shows a card beside the list, where there is room. */
  readonly reader: (id: string) => ReactNode;
}

/** Where account managers work: the cards to decide on, best first, by hand or by key. */
export function Inbox({ search, onSearch, onOpen, reader }: InboxProps) {
  const t = useTranslations("inbox");
  const { status = "in_review", card = null } = search;
  const [filters] = useDebouncedValue(search, 250);
  const { pages, items, isSearching } = useInbox(status, filters);
  const isWide = useMediaQuery("(min-width: 75em)", true, {
    getInitialValueInEffect: false,
  });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [helping, setHelping] = useState(false);
  const may = useMay();
  const { decide, ask } = useDecisions();
  const canSelect = may("opportunity.bulk_decide");

  const index = items.findIndex(({ id }) => id === card);
  const active = items[index];
  const chosen = useMemo(
    () => items.filter(({ id }) => selected.has(id)),
    [items, selected],
  );
  const go = (to: number) => {
    const next = items[Math.max(0, Math.min(items.length - 1, to))];
    if (next !== undefined) onSearch({ card: next.id });
  };
  useFirstContent(pages.state === "ready");
  useStay({ items, card, isReady: pages.state === "ready", onSearch, isWide });

  const toggle = (id: string) => {
    setSelected((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  };
  const act = (kind: DecisionKind) => {
    const cards = (chosen.length > 0 ? chosen : active ? [active] : []).filter(
      (item) => isOffered(kind, item, may),
    );
    const [first, ...others] = cards;
    if (first === undefined) return;
    if (kind === "approve" && others.length === 0) void decide(first, { kind });
    else if (kind === "refine") ask({ kind, cards: [first] });
    else if (kind === "approve" || kind === "reject" || kind === "snooze")
      ask({ kind, cards }, () => {
        setSelected(new Set());
      });
  };
  useKeys({
    j: () => {
      go(index + 1);
    },
    ArrowDown: () => {
      go(index + 1);
    },
    k: () => {
      go(index - 1);
    },
    ArrowUp: () => {
      go(index - 1);
    },
    Enter: () => {
      if (active !== undefined) onOpen(active.id);
    },
    a: () => {
      act("approve");
    },
    r: () => {
      act("reject");
    },
    e: () => {
      act("refine");
    },
    s: () => {
      act("snooze");
    },
    x: () => {
      if (active !== undefined && canSelect) toggle(active.id);
    },
    Escape: () => {
      setSelected(new Set());
    },
    "/": () => document.getElementById("inbox-search")?.focus(),
    "?": () => {
      setHelping(true);
    },
  });

  return (
    <div className={classes["inbox"]}>
      <InboxBar
        search={search}
        onSearch={onSearch}
        shown={items.length}
        onHelp={() => {
          setHelping(true);
        }}
      />
      <div className={classes["columns"]}>
        <section className={classes["column"]} aria-label={t("cards")}>
          {chosen.length > 0 && (
            <BulkBar
              cards={chosen}
              onAct={act}
              onAll={() => {
                setSelected(new Set(items.map(({ id }) => id)));
              }}
              onNone={() => {
                setSelected(new Set());
              }}
            />
          )}
          <Shown
            pages={pages}
            isEmpty={items.length === 0 && !isSearching}
            isSifting={isSifting(search)}
            status={status}
            onClear={() => {
              onSearch(nothingSifted);
            }}
          >
            <InboxList
              items={items}
              activeId={card}
              selected={selected}
              canSelect={canSelect}
              showStatus={status !== "in_review"}
              isLoadingMore={isSearching}
              onEnd={pages.more}
              // While something is sifted, places in the list are not those of the pages.
              onLook={isSifting(search) ? notLooking : pages.look}
              onSelect={toggle}
              onOpen={(id) => {
                if (isWide) onSearch({ card: id });
                else onOpen(id);
              }}
            />
          </Shown>
          <Suspense>
            {(filters.q?.trim().length ?? 0) >= 3 && (
              <MeaningHits
                q={filters.q?.trim() ?? ""}
                shown={new Set(items.map(({ id }) => id))}
                onOpen={onOpen}
              />
            )}
          </Suspense>
        </section>
        {isWide && (
          <section className={classes["reader"]} aria-label={t("reader")}>
            {card === null ? null : reader(card)}
          </section>
        )}
      </div>
      <Suspense>
        {helping && (
          <KeyHelp
            onClose={() => {
              setHelping(false);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}

const notLooking = () => undefined;

const nothingSifted = {
  q: undefined,
  category: undefined,
  source: undefined,
  account: undefined,
  owner: undefined,
  minScore: undefined,
  since: undefined,
};

/** When the open card leaves the list, the one that takes its place is opened; where there is room, one always is. */
function useStay({
  items,
  card,
  isReady,
  onSearch,
  isWide,
}: {
  readonly items: readonly Found<InboxItem>[];
  readonly card: string | null;
  readonly isReady: boolean;
  readonly onSearch: InboxProps["onSearch"];
  readonly isWide: boolean;
}): void {
  const [place, setPlace] = useState<{
    readonly id: string;
    readonly index: number;
  } | null>(null);
  useEffect(() => {
    if (!isReady) return;
    const index = items.findIndex(({ id }) => id === card);
    if (index >= 0 && card !== null) {
      setPlace((before) =>
        before?.id === card && before.index === index
          ? before
          : { id: card, index },
      );
      return;
    }
    const wasHere = place !== null && place.id === card;
    if (!wasHere && !(isWide && card === null)) return;
    const next = items[Math.min(wasHere ? place.index : 0, items.length - 1)];
    // A change of the address that changes nothing would still call off a way to another page.
    if (next !== undefined || card !== null) onSearch({ card: next?.id });
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only the list's and the choice's changes ask for it.
  }, [items, card, isReady, isWide]);
}

function Shown({
  pages,
  isEmpty,
  isSifting: sifting,
  status,
  onClear,
  children,
}: {
  readonly pages: { readonly state: string; readonly error: Error | null };
  readonly isEmpty: boolean;
  readonly isSifting: boolean;
  readonly status: InboxStatus;
  readonly onClear: () => void;
  readonly children: ReactNode;
}) {
  const t = useTranslations("inbox");
  if (pages.error !== null)
    return <Trouble title={t("failed")} error={pages.error} />;
  if (pages.state === "loading") return <ListSkeleton />;
  if (!isEmpty) return children;
  if (sifting)
    return (
      <Empty
        icon={<IconFilterOff size={36} stroke={1.25} aria-hidden />}
        title={t("nothingFits")}
        text={t("nothingFitsText")}
      >
        <Button variant="default" onClick={onClear}>
          {t("clearFilters")}
        </Button>
      </Empty>
    );
  return <EmptyInbox status={status} />;
}
