import { Button, Group, Modal, Progress, Stack, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import classes from "../../../parts/table.module.css";
import type { Replayed, Replaying } from "./useReplay.ts";

const known = [
  "replayed",
  "not-found",
  "not-parked",
  "unreadable",
  "conflict",
] as const;

/** Asks whether to replay parked messages, shows the progress, and the result of each. */
export function ReplayDialog({
  replaying,
  onStart,
  onClose,
}: {
  readonly replaying: Replaying | null;
  readonly onStart: () => void;
  readonly onClose: () => void;
}) {
  const t = useTranslations("operations");
  const isRunning = replaying?.state === "running";
  return (
    <Modal
      opened={replaying !== null}
      onClose={onClose}
      title={t("replay.title", { count: replaying?.ids.length ?? 0 })}
      closeOnEscape={!isRunning}
      closeOnClickOutside={!isRunning}
      withCloseButton={!isRunning}
    >
      {replaying !== null && (
        <Body replaying={replaying} onStart={onStart} onClose={onClose} />
      )}
    </Modal>
  );
}

function Body({
  replaying,
  onStart,
  onClose,
}: {
  readonly replaying: Replaying;
  readonly onStart: () => void;
  readonly onClose: () => void;
}) {
  const count = replaying.ids.length;
  switch (replaying.state) {
    case "asking":
      return <Confirmation count={count} onStart={onStart} onClose={onClose} />;
    case "running":
      return <Running done={replaying.done} count={count} />;
    case "ended":
      return <Results results={replaying.results} onClose={onClose} />;
  }
}

function Confirmation({
  count,
  onStart,
  onClose,
}: {
  readonly count: number;
  readonly onStart: () => void;
  readonly onClose: () => void;
}) {
  const t = useTranslations("operations");
  return (
    <Stack gap="md">
      <Text size="sm">{t("replay.ask", { count })}</Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t("replay.cancel")}
        </Button>
        <Button onClick={onStart} data-autofocus>
          {t("replay.button", { count })}
        </Button>
      </Group>
    </Stack>
  );
}

function Running({
  done,
  count,
}: {
  readonly done: number;
  readonly count: number;
}) {
  const t = useTranslations("operations");
  return (
    <Stack gap="xs" role="status">
      <Text size="sm">{t("replay.running", { done, count })}</Text>
      <Progress
        value={(100 * done) / count}
        animated
        aria-label={t("replay.title", { count })}
      />
    </Stack>
  );
}

function Results({
  results,
  onClose,
}: {
  readonly results: readonly Replayed[];
  readonly onClose: () => void;
}) {
  const t = useTranslations("operations");
  const parts = useTranslations("parts");
  const failed = results.filter(({ result }) => result !== "replayed");
  return (
    <Stack gap="sm">
      <Text size="sm" role="status">
        {t("replay.ended", {
          done: results.length - failed.length,
          failed: failed.length,
        })}
      </Text>
      {failed.length > 0 && (
        <ul className={classes["results"]}>
          {failed.map(({ id, result }) => (
            <li key={id}>
              <span className={classes["code"]}>{id}</span>:{" "}
              {isKnown(result) ? t(`replay.result.${result}`) : result}
            </li>
          ))}
        </ul>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          {parts("close")}
        </Button>
      </Group>
    </Stack>
  );
}

function isKnown(result: string): result is (typeof known)[number] {
  return known.some((one) => one === result);
}
