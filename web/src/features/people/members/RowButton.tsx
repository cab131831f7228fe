import { Button } from "@mantine/core";
import { useTranslations } from "use-intl";

/** What can be done with a row; screen readers hear for whom, too. */
export function RowButton({
  action,
  of: name,
  ...button
}: {
  readonly action: string;
  readonly of: string;
  readonly ref?: React.Ref<HTMLButtonElement>;
  readonly onClick: () => void;
}) {
  const t = useTranslations("members");
  return (
    <Button
      {...button}
      variant="default"
      size="compact-sm"
      aria-label={t("actionOf", { action, name })}
    >
      {action}
    </Button>
  );
}
