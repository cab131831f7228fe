import { Button, Select, Tabs } from "@mantine/core";
import { IconCircleCheck, IconFilterOff } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import * as at from "../../../../../functions/src/domain/collections.ts";
import type { Message } from "../../../../../functions/src/domain/messages/message.ts";
import { TopicName } from "../../../../../functions/src/domain/messages/topics.ts";
import { countedUpTo, useCount } from "../../../lib/firestore/count.ts";
import type { WithId } from "../../../lib/firestore/live.ts";
import { type Pages, useLivePages } from "../../../lib/firestore/livePages.ts";
import { useMay, useSession } from "../../../lib/session/session.ts";
import { Empty } from "../../../parts/Empty.tsx";
import { ErrorAlert } from "../../../parts/ErrorAlert.tsx";
import { MessageDrawer } from "./MessageDrawer.tsx";
import {
  listConditions,
  isParked,
  listOrder,
  DisplayedMessage,
  type Unreadable,
} from "./messages.ts";
import { MessageTable } from "./MessageTable.tsx";
import { ReplayDialog } from "./ReplayDialog.tsx";
import { MessageState, type TabProps } from "../search.ts";
import { SkeletonRows } from "../SkeletonRows.tsx";
import classes from "../../../parts/table.module.css";
import { useReplay } from "./useReplay.ts";

/** The messages that are open or wait for a person, live; parked ones can be replayed. */
export function Messages({ search, onSearch }: TabProps) {
  const canReplay = useMay()("message.replay");
  const { state = "parked", message } = search;
  const pages = useMessages(search);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const { replaying, ask, start, close } = useReplay();
  const canMark = canReplay && isParked(state);
  return (
    <>
      <Bar
        search={search}
        onSearch={onSearch}
        messages={pages.items}
        marked={canMark ? marked : null}
        onMark={setMarked}
        onReplay={ask}
      />
      <ListState pages={pages} search={search} onSearch={onSearch}>
        <MessageTable
          messages={pages.items}
          state={state}
          marked={canMark ? marked : null}
          onMark={setMarked}
          onOpen={(id) => {
            onSearch({ message: id });
          }}
        />
        {pages.hasMore && <More onClick={pages.more} />}
      </ListState>
      <MessageDrawer
        id={message ?? null}
        onSearch={onSearch}
        onReplay={(id) => {
          ask([id]);
        }}
      />
      <ReplayDialog
        replaying={replaying}
        onStart={() => {
          void start();
        }}
        onClose={() => {
          setMarked(new Set());
          close();
        }}
      />
    </>
  );
}

function useMessages({
  state = "parked",
  topic,
}: TabProps["search"]): Pages<Message | Unreadable> {
  const { tenantId } = useSession();
  const messages = {
    path: at.messages(tenantId).path,
    schema: DisplayedMessage,
  };
  return useLivePages(messages, {
    where: listConditions(state, topic),
    orderBy: listOrder(state),
  });
}

/** The filters of the list, and what can be done with the marked messages. */
function Bar({
  search,
  onSearch,
  messages,
  marked,
  onMark,
  onReplay,
}: TabProps & {
  readonly messages: readonly WithId<Message | Unreadable>[];
  /** Null where nothing can be marked. */
  readonly marked: ReadonlySet<string> | null;
  readonly onMark: (marked: ReadonlySet<string>) => void;
  readonly onReplay: (ids: readonly string[]) => void;
}) {
  const t = useTranslations("operations");
  const chosen = messages
    .filter(({ id, state }) => state === "parked" && marked?.has(id))
    .map(({ id }) => id);
  return (
    <div className={classes["bar"]}>
      <States search={search} onSearch={onSearch} changed={messages} />
      <span className={classes["space"]} />
      {marked !== null && messages.length > 0 && (
        <Button
          variant="default"
          hiddenFrom="md"
          onClick={() => {
            onMark(new Set(messages.map(({ id }) => id)));
          }}
        >
          {t("markAll")}
        </Button>
      )}
      {chosen.length > 0 && (
        <Button
          onClick={() => {
            onReplay(chosen);
          }}
        >
          {t("replay.button", { count: chosen.length })}
        </Button>
      )}
      <TopicFilter search={search} onSearch={onSearch} />
    </div>
  );
}

function TopicFilter({ search: { topic }, onSearch }: TabProps) {
  const t = useTranslations("operations");
  return (
    <Select
      size="xs"
      w={190}
      aria-label={t("topic")}
      placeholder={t("allTopics")}
      clearable
      searchable
      data={TopicName.options}
      value={topic ?? null}
      onChange={(value) => {
        onSearch({
          topic: value === null ? undefined : TopicName.parse(value),
        });
      }}
    />
  );
}

function More({ onClick }: { readonly onClick: () => void }) {
  const t = useTranslations("operations");
  return (
    <Button variant="default" onClick={onClick}>
      {t("more")}
    </Button>
  );
}

function States({
  search,
  onSearch,
  changed,
}: TabProps & { readonly changed: unknown }) {
  const t = useTranslations("operations");
  const { state = "parked" } = search;
  return (
    <Tabs
      variant="pills"
      value={state}
      onChange={(value) => {
        onSearch({ state: MessageState.parse(value) });
      }}
    >
      <Tabs.List aria-label={t("state.label")}>
        {MessageState.options.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {t(`state.${one}`)}{" "}
            {/* Of the unreadable the list itself says how many: they are few. */}
            {one !== "unreadable" && (
              <Count state={one} topic={search.topic} changed={changed} />
            )}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  );
}

const countedEveryMs = 15_000;

function Count({
  state,
  topic,
  changed,
}: {
  readonly state: MessageState;
  readonly topic: TopicName | undefined;
  readonly changed: unknown;
}) {
  const { tenantId } = useSession();
  const count = useCount(at.messages(tenantId), listConditions(state, topic), {
    everyMs: countedEveryMs,
    changed,
  });
  if (count === null) return null;
  return <span>{count >= countedUpTo ? `${countedUpTo}+` : count}</span>;
}

/** The list, or why it is not there. */
function ListState({
  pages,
  search: { state = "parked", topic },
  onSearch,
  children,
}: TabProps & {
  readonly pages: Pages<Message | Unreadable>;
  readonly children: ReactNode;
}) {
  const t = useTranslations("operations");
  if (pages.error !== null)
    return <ErrorAlert title={t("failedToLoad")} error={pages.error} />;
  if (pages.state === "loading") return <SkeletonRows height={44} />;
  if (pages.items.length > 0) return children;
  if (topic !== undefined)
    return (
      <Empty
        icon={<IconFilterOff size={36} stroke={1.25} aria-hidden />}
        title={t("empty.topic")}
        text={t("empty.topicText", { topic })}
      >
        <Button
          variant="default"
          onClick={() => {
            onSearch({ topic: undefined });
          }}
        >
          {t("allTopics")}
        </Button>
      </Empty>
    );
  return (
    <Empty
      icon={<IconCircleCheck size={36} stroke={1.25} aria-hidden />}
      title={t(`empty.${state}`)}
      text={t(`empty.${state}Text`)}
    />
  );
}
