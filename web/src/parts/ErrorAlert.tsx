import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslations } from "use-intl";

/** Something failed: what, why, and a way to try again. */
export function ErrorAlert({
  title,
  error,
  retry,
}: {
  readonly title: string;
  readonly error: Error;
  readonly retry?: () => void;
}) {
  const t = useTranslations("parts");
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle aria-hidden />}
      title={title}
      m="md"
      role="alert"
    >
      <Stack gap="xs" align="start">
        <Text size="sm">{error.message}</Text>
        <Button
          variant="default"
          onClick={
            retry ??
            (() => {
              location.reload();
            })
          }
        >
          {t("tryAgain")}
        </Button>
      </Stack>
    </Alert>
  );
}
