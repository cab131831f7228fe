import { Checkbox, UnstyledButton } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { Message } from "../../../../../functions/src/domain/messages/message.ts";
import type { WithId } from "../../../lib/firestore/live.ts";
import { Moment } from "../../../parts/Moment.tsx";
import {
  isParked,
  isReadable,
  messageSubject,
  type Unreadable,
} from "./messages.ts";
import type { MessageState } from "../search.ts";
import { Subject } from "./Subject.tsx";
import classes from "./MessageTable.module.css";
import table from "../../../parts/table.module.css";

interface TableProps {
  readonly messages: readonly WithId<Message | Unreadable>[];
  readonly state: MessageState;
  /** Null where nothing can be marked. */
  readonly marked: ReadonlySet<string> | null;
  readonly onMark: (marked: ReadonlySet<string>) => void;
  readonly onOpen: (id: string) => void;
}

/** Messages in rows; each opens by its topic. */
export function MessageTable(props: TableProps) {
  const { messages, state, marked, onMark, onOpen } = props;
  return (
    <table className={table["table"]}>
      <Head messages={messages} marked={marked} onMark={onMark} />
      <tbody>
        {messages.map((message) => (
          <Row
            key={message.id}
            message={message}
            isParked={isParked(state)}
            isMarked={marked?.has(message.id) ?? null}
            onMark={() => {
              const after = new Set(marked);
              if (!after.delete(message.id)) after.add(message.id);
              onMark(after);
            }}
            onOpen={onOpen}
          />
        ))}
      </tbody>
    </table>
  );
}

function Head({
  messages,
  marked,
  onMark,
}: Pick<TableProps, "messages" | "marked" | "onMark">) {
  const t = useTranslations("operations");
  const all = messages.map(({ id }) => id);
  const count = all.filter((id) => marked?.has(id)).length;
  return (
    <thead>
      <tr>
        {marked !== null && (
          <th scope="col" className={classes["markAll"]}>
            <Checkbox
              size="xs"
              aria-label={t("markAll")}
              checked={count > 0 && count === all.length}
              indeterminate={count > 0 && count < all.length}
              onChange={() => {
                onMark(new Set(count === all.length ? [] : all));
              }}
            />
          </th>
        )}
        <th scope="col">{t("topic")}</th>
        <th scope="col">{t("about")}</th>
        <th scope="col">{t("starts")}</th>
        <th scope="col">{t("attempts")}</th>
        <th scope="col">{t("nextTry")}</th>
        <th scope="col">{t("since")}</th>
        <th scope="col">{t("error")}</th>
      </tr>
    </thead>
  );
}

function Row({
  message,
  isParked,
  isMarked,
  onMark,
  onOpen,
}: {
  readonly message: WithId<Message | Unreadable>;
  readonly isParked: boolean;
  readonly isMarked: boolean | null;
  readonly onMark: () => void;
  readonly onOpen: (id: string) => void;
}) {
  const t = useTranslations("operations");
  const { id } = message;
  const topic = message.topic || t("unreadable.noTopic");
  return (
    <tr className={classes["row"]} data-chosen={isMarked || undefined}>
      {isMarked !== null && (
        <td className={classes["mark"]}>
          <Checkbox
            size="xs"
            aria-label={t("mark", { topic, id })}
            checked={isMarked}
            onChange={onMark}
          />
        </td>
      )}
      <th scope="row" className={classes["topic"]}>
        <UnstyledButton
          className={`${table["code"]} ${classes["open"]}`}
          onClick={() => {
            onOpen(id);
          }}
        >
          {topic}
        </UnstyledButton>
      </th>
      {isReadable(message) ? (
        <Cells message={message} isParked={isParked} />
      ) : (
        <td data-wide colSpan={6} className={classes["error"]}>
          <span className={`${table["code"]} ${table["wrong"]}`}>
            unreadable
          </span>{" "}
          <span className={classes["message"]}>{message.reason}</span>
        </td>
      )}
    </tr>
  );
}

function Cells({
  message,
  isParked,
}: {
  readonly message: WithId<Message>;
  readonly isParked: boolean;
}) {
  const t = useTranslations("operations");
  const { starts, attempts, runAt, createdAt, error } = message;
  return (
    <>
      <td data-wide className={classes["about"]}>
        <Subject subject={messageSubject(message)} />
      </td>
      <td data-label={t("starts")} className={table["number"]}>
        {starts}
      </td>
      <td data-label={t("attempts")} className={table["number"]}>
        {attempts}
      </td>
      <td data-label={t("nextTry")} className={table["moment"]}>
        {isParked ? t("byHand") : <Moment at={runAt} />}
      </td>
      <td data-label={t("since")} className={table["moment"]}>
        <Moment at={createdAt} />
      </td>
      <td data-wide className={classes["error"]}>
        {error !== null && (
          <>
            <span className={`${table["code"]} ${table["wrong"]}`}>
              {error.code}
            </span>{" "}
            <span className={classes["message"]}>{error.message}</span>
          </>
        )}
      </td>
    </>
  );
}
