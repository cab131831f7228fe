import { Center, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** An empty page or list: why, and what to do about it. */
export function Empty({
  icon,
  title,
  text,
  children,
}: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}) {
  return (
    <Center p="xl" mih={240}>
      <Stack align="center" gap="xs" maw={380} ta="center" c="dimmed">
        {icon}
        <Title order={2} c="var(--mantine-color-text)">
          {title}
        </Title>
        <Text size="sm">{text}</Text>
        {children}
      </Stack>
    </Center>
  );
}
