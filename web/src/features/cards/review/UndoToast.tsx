import { Button, Group, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";

/** What was done, with a button to undo it while that is possible. */
export function UndoToast({
  what,
  until,
  undo,
}: {
  readonly what: string;
  /** Null: for as long as the toast shows. */
  readonly until: Date | null;
  readonly undo: () => void;
}) {
  const t = useTranslations("reviews");
  const seconds = useSecondsUntil(until);
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <Text size="sm" lineClamp={2}>
        {what}
      </Text>
      {seconds !== 0 && (
        <Button variant="light" onClick={undo} miw="max-content">
          {seconds === null ? t("undo") : t("undoWithin", { seconds })}
        </Button>
      )}
    </Group>
  );
}

/** Whole seconds until a moment, counted down; null where there is none. */
export function useSecondsUntil(until: Date | null): number | null {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until === null) return undefined;
    const ticking = setInterval(() => {
      setNow(Date.now());
    }, 250);
    return () => {
      clearInterval(ticking);
    };
  }, [until]);
  if (until === null) return null;
  return Math.max(0, Math.ceil((until.getTime() - now) / 1000));
}
