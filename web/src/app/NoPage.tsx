import { Button, Center, Stack, Text, Title } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { Trouble } from "../parts/Trouble.tsx";
import { toError } from "../lib/errors.ts";

/** What an address that leads nowhere shows. */
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

/** What a page that throws shows. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  const t = useTranslations("app");
  return <Trouble title={t("broken")} error={toError(error)} retry={reset} />;
}
