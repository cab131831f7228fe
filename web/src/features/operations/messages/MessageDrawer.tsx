import {
  Button,
  CopyButton,
  Drawer,
  Group,
  Skeleton,
  Stack,
  Text,
} from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import * as at from "../../../../../functions/src/domain/collections.ts";
import { MessageId } from "../../../../../functions/src/domain/kernel/ids.ts";
import type { Message } from "../../../../../functions/src/domain/messages/message.ts";
import { toJson } from "../../../../../functions/src/domain/messages/unreadable.ts";
import { type WithId, useLive } from "../../../lib/firestore/live.ts";
import { useMay, useSession } from "../../../lib/session/session.ts";
import { Moment } from "../../../parts/Moment.tsx";
import { ErrorAlert } from "../../../parts/ErrorAlert.tsx";
import classes from "./MessageDrawer.module.css";
import {
  isReadable,
  DisplayedMessage,
  messageSubject,
  type Unreadable,
} from "./messages.ts";
import type { TabProps } from "../search.ts";
import { Subject } from "./Subject.tsx";

/** One message in full, live. */
export function MessageDrawer({
  id,
  onSearch,
  onReplay,
}: Pick<TabProps, "onSearch"> & {
  /** Null: none is open. */
  readonly id: string | null;
  readonly onReplay: (id: string) => void;
}) {
  const t = useTranslations("operations");
  const parts = useTranslations("parts");
  const { tenantId } = useSession();
  const known = MessageId.safeParse(id);
  const live = useLive(
    known.success
      ? {
          path: at.message(tenantId, known.data).path,
          schema: DisplayedMessage,
        }
      : null,
  );
  return (
    <Drawer
      opened={id !== null}
      onClose={() => {
        onSearch({ message: undefined });
      }}
      position="right"
      size="lg"
      title={
        live.state === "ready" && live.value !== null
          ? live.value.topic || t("message")
          : t("message")
      }
      closeButtonProps={{ "aria-label": parts("close") }}
    >
      {live.state === "failed" && (
        <ErrorAlert title={t("failedToLoad")} error={live.error} />
      )}
      {live.state === "loading" && <Skeleton h={240} />}
      {live.state === "ready" &&
        (live.value === null ? (
          <Text size="sm">{t("messageGone")}</Text>
        ) : isReadable(live.value) ? (
          <Details
            message={live.value}
            onSearch={onSearch}
            onReplay={onReplay}
          />
        ) : (
          <AsStored message={live.value} onReplay={onReplay} />
        ))}
    </Drawer>
  );
}

interface DetailsProps {
  readonly message: WithId<Message>;
  readonly onSearch: TabProps["onSearch"];
  readonly onReplay: (id: string) => void;
}

function Details({ message, onSearch, onReplay }: DetailsProps) {
  const t = useTranslations("operations");
  const { error, payload } = message;
  return (
    <Stack gap="md">
      <Subject subject={messageSubject(message)} />
      <ReplayButton message={message} onReplay={onReplay} />
      {error !== null && (
        <ErrorSection code={error.code} message={error.message}>
          <Text size="xs" c="dimmed">
            <Moment at={error.at} />
          </Text>
        </ErrorSection>
      )}
      <dl className={classes["facts"]}>
        <Facts message={message} />
        <Origin message={message} onSearch={onSearch} />
      </dl>
      <Json title={t("payload")} value={payload} />
    </Stack>
  );
}

function Facts({ message }: Pick<DetailsProps, "message">) {
  const t = useTranslations("operations");
  const { id, state, skipped, traceId } = message;
  return (
    <>
      <Fact name={t("state.label")}>{t(`stateName.${state}`)}</Fact>
      <Fact name={t("starts")}>{message.starts}</Fact>
      <Fact name={t("attempts")}>{message.attempts}</Fact>
      {state === "open" && (
        <Fact name={t("nextTry")}>
          <Moment at={message.runAt} />
        </Fact>
      )}
      <Fact name={t("since")}>
        <Moment at={message.createdAt} />
      </Fact>
      {skipped !== null && <Fact name={t("skipped")}>{skipped}</Fact>}
      <Fact name={t("traceId")}>
        <Copyable value={traceId} />
      </Fact>
      <Fact name={t("messageId")}>
        <Copyable value={id} />
      </Fact>
    </>
  );
}

/** What the message came from, each with the way to it. */
function Origin({
  message: { causedBy, runId },
  onSearch,
}: Pick<DetailsProps, "message" | "onSearch">) {
  const t = useTranslations("operations");
  return (
    <>
      {causedBy !== null && (
        <Fact name={t("causedBy")}>
          <button
            type="button"
            className={classes["link"]}
            onClick={() => {
              onSearch({ message: causedBy });
            }}
          >
            {causedBy}
          </button>
        </Fact>
      )}
      {runId !== null && (
        <Fact name={t("run")}>
          <button
            type="button"
            className={classes["link"]}
            onClick={() => {
              onSearch({ tab: "runs", run: runId, message: undefined });
            }}
          >
            {runId}
          </button>
        </Fact>
      )}
    </>
  );
}

/** A message that cannot be read: why, and what is stored. */
function AsStored({
  message,
  onReplay,
}: {
  readonly message: WithId<Unreadable>;
  readonly onReplay: (id: string) => void;
}) {
  const t = useTranslations("operations");
  return (
    <Stack gap="md">
      <Text size="sm">{t("unreadable.explained")}</Text>
      <ReplayButton message={message} onReplay={onReplay} />
      <ErrorSection code="unreadable" message={message.reason} />
      <Json title={t("unreadable.stored")} value={toJson(message.document)} />
    </Stack>
  );
}

function ReplayButton({
  message: { id, state },
  onReplay,
}: {
  readonly message: WithId<Pick<Unreadable, "state">>;
  readonly onReplay: (id: string) => void;
}) {
  const t = useTranslations("operations");
  const canReplay = useMay()("message.replay");
  if (state !== "parked" || !canReplay) return null;
  return (
    <Button
      w="fit-content"
      onClick={() => {
        onReplay(id);
      }}
    >
      {t("replay.button", { count: 1 })}
    </Button>
  );
}

function ErrorSection({
  code,
  message,
  children,
}: {
  readonly code: string;
  readonly message: string;
  readonly children?: ReactNode;
}) {
  const t = useTranslations("operations");
  return (
    <section>
      <h3 className={classes["heading"]}>{t("error")}</h3>
      <p className={classes["error"]}>
        <code>{code}</code> {message}
      </p>
      {children}
    </section>
  );
}

function Json({
  title,
  value,
}: {
  readonly title: string;
  readonly value: unknown;
}) {
  return (
    <section>
      <h3 className={classes["heading"]}>{title}</h3>
      <pre className={classes["payload"]} tabIndex={0} aria-label={title}>
        {JSON.stringify(value, null, 2)}
      </pre>
    </section>
  );
}

function Fact({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ReactNode;
}) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Copyable({ value }: { readonly value: string }) {
  const parts = useTranslations("parts");
  return (
    <Group gap={6} wrap="nowrap" align="start">
      <code>{value}</code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button
            variant="subtle"
            size="compact-xs"
            miw="max-content"
            onClick={copy}
            leftSection={
              copied ? (
                <IconCheck size={12} aria-hidden />
              ) : (
                <IconCopy size={12} aria-hidden />
              )
            }
          >
            {parts(copied ? "copied" : "copy")}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
