import { Avatar, Paper, Text, UnstyledButton } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { Settings } from "../../../lib/session/settings.ts";
import classes from "./SignIn.module.css";

/** The demo's people, each a click away from being signed in. */
export function DemoPeople({
  people,
  busy,
  onChoose,
}: {
  readonly people: NonNullable<Settings["demo"]>["people"];
  readonly busy: boolean;
  readonly onChoose: (email: string) => void;
}) {
  const t = useTranslations("signIn");
  const app = useTranslations("app");
  return (
    <Paper withBorder p="sm" component="section" aria-label={t("demo")}>
      <Text fw={600} size="sm" mb={6}>
        {t("demo")}
      </Text>
      <div className={classes["people"]}>
        {people.map(({ email, name, role, isLead }) => (
          <UnstyledButton
            key={email}
            className={classes["person"] ?? ""}
            disabled={busy}
            onClick={() => {
              onChoose(email);
            }}
          >
            <Avatar name={name} size={28} color="initials" aria-hidden />
            <span>
              <Text size="sm" fw={550}>
                {name}
              </Text>
              <Text size="xs" c="dimmed">
                {app(`roles.${role}`)}
                {isLead && `, ${app("lead")}`}
              </Text>
            </span>
          </UnstyledButton>
        ))}
      </div>
      <Text size="xs" c="dimmed" mt={6}>
        {t("demoNote")}
      </Text>
    </Paper>
  );
}
