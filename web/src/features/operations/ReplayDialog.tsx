import { Button, Group, Modal, Progress, Stack, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import classes from "./table.module.css";
import type { Replaying } from "./useReplay.ts";

const known = [
  "replayed",
  "not-found",
  "not-parked",
  "unreadable",
  "conflict",
] as const;

/** Asks whether parked messages are to be tried again, shows how far it is, and what became of each. */
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
  const t = useTranslations("operations");
  const parts = useTranslations("parts");
  const count = replaying.ids.length;
  if (replaying.state === "asking")
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
  if (replaying.state === "running")
    return (
      <Stack gap="xs" role="status">
        <Text size="sm">
          {t("replay.running", { done: replaying.done, count })}
        </Text>
        <Progress
          value={(100 * replaying.done) / count}
          animated
          aria-label={t("replay.title", { count })}
        />
      </Stack>
    );
  const { results } = replaying;
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
