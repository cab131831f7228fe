import { Button, Center, Stack, Text, Title } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { ErrorAlert } from "../parts/ErrorAlert.tsx";
import { toError } from "../lib/errors.ts";

/** The page for an unknown address. */
export function NoPage() {
  const t = useTranslations("app");
  return (
    <Center h="100%" p="md">
      <Stack align="start" gap="xs">
        <Title order={1}>{t("notFoundTitle")}</Title>
        <Text>{t("notFoundText")}</Text>
        <Button component="a" href="/">
          {t("toInbox")}
        </Button>
      </Stack>
    </Center>
  );
}

/** The page for an error that a page throws. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  const t = useTranslations("app");
  return (
    <ErrorAlert title={t("broken")} error={toError(error)} retry={reset} />
  );
}
