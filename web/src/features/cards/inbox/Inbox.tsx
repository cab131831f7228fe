import { useDebouncedValue, useMediaQuery } from "@mantine/hooks";
import { type ReactNode, Suspense, useState } from "react";
import { useTranslations } from "use-intl";
import { useFirstContent } from "../../../lib/page/firstContent.ts";
import { lazyComponent } from "../../../lib/page/lazyComponent.ts";
import { CardColumn } from "./CardColumn.tsx";
import classes from "./Inbox.module.css";
import { InboxBar } from "./bar/InboxBar.tsx";
import type { InboxSearch } from "./search.ts";
import { useInbox } from "./useInbox.ts";
import { useInboxActions } from "./useInboxActions.ts";
import { useInboxKeys } from "./useInboxKeys.ts";
import { useOpenCard } from "./useOpenCard.ts";

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
  const inbox = useInbox(status, filters);
  const { pages, items } = inbox;
  const isWide = useMediaQuery("(min-width: 75em)", true, {
    getInitialValueInEffect: false,
  });
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const index = items.findIndex(({ id }) => id === card);
  const actions = useInboxActions(items, items[index]);
  const isReady = pages.state === "ready";
  const onCard = (id: string | undefined) => {
    onSearch({ card: id });
  };
  const onHelp = () => {
    setIsHelpOpen(true);
  };
  useFirstContent(isReady);
  useOpenCard({ items, card, isReady, isWide, onOpen: onCard });
  useInboxKeys({ items, index, actions, onGo: onCard, onOpen, onHelp });

  return (
    <div className={classes["inbox"]}>
      <InboxBar
        search={search}
        onSearch={onSearch}
        shown={items.length}
        onHelp={onHelp}
      />
      <div className={classes["columns"]}>
        <CardColumn
          inbox={inbox}
          actions={actions}
          search={search}
          query={filters.q?.trim() ?? ""}
          onSearch={onSearch}
          onOpen={onOpen}
          onRead={isWide ? onCard : onOpen}
        />
        {isWide && (
          <section className={classes["reader"]} aria-label={t("reader")}>
            {card === null ? null : reader(card)}
          </section>
        )}
      </div>
      <Suspense>
        {isHelpOpen && (
          <KeyHelp
            onClose={() => {
              setIsHelpOpen(false);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}
