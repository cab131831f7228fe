import {
  Alert,
  Avatar,
  Button,
  Center,
  Divider,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
  UnstyledButton,
} from "@mantine/core";
import { IconBrandGoogle } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import type { Settings } from "../../lib/settings.ts";
import {
  type Auth,
  reasonOf,
  sendReset,
  withGoogle,
  withPassword,
} from "../../lib/signIn.ts";
import { Logo } from "../../parts/Logo.tsx";
import classes from "./SignIn.module.css";

/** The way in: e-mail or Google, and in the demo one click. */
export function SignIn({
  auth,
  demo,
}: {
  readonly auth: Auth;
  readonly demo: Settings["demo"];
}) {
  const t = useTranslations("signIn");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [notice, setNotice] = useState<{
    readonly text: string;
    readonly good: boolean;
  } | null>(null);

  const attempt = async (way: () => Promise<unknown>) => {
    setBusy(true);
    setNotice(null);
    try {
      await way();
    } catch (error) {
      setNotice({ text: t(reasonOf(error)), good: false });
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(() => withPassword(auth, email, password));
  };
  const reset = () => {
    if (email === "") {
      setNotice({ text: t("resetNeedsEmail"), good: false });
      return;
    }
    void attempt(async () => {
      await sendReset(auth, email);
      setNotice({ text: t("resetSent", { email }), good: true });
    });
  };

  return (
    <Center component="main" mih="100%" p="md">
      <Stack w="100%" maw={380} gap="lg">
        <Stack gap={4}>
          <Logo size={36} />
          <Title order={1} mt="xs">
            {t("title")}
          </Title>
          <Text c="dimmed">{t("about")}</Text>
        </Stack>
        {notice !== null && (
          <Alert color={notice.good ? "teal" : "red"} role="alert">
            {notice.text}
          </Alert>
        )}
        {demo !== undefined && (
          <Paper withBorder p="sm" component="section" aria-label={t("demo")}>
            <Text fw={600} size="sm" mb={6}>
              {t("demo")}
            </Text>
            <div className={classes["people"]}>
              {demo.people.map((person) => (
                <UnstyledButton
                  key={person.email}
                  className={classes["person"] ?? ""}
                  disabled={busy}
                  onClick={() => {
                    void attempt(() =>
                      withPassword(auth, person.email, demo.password),
                    );
                  }}
                >
                  <Avatar
                    name={person.name}
                    size={28}
                    color="initials"
                    aria-hidden
                  />
                  <span>
                    <Text size="sm" fw={550}>
                      {person.name}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {person.role}
                    </Text>
                  </span>
                </UnstyledButton>
              ))}
            </div>
            <Text size="xs" c="dimmed" mt={6}>
              {t("demoNote")}
            </Text>
          </Paper>
        )}
        <form onSubmit={submit}>
          <Stack gap="sm">
            <TextInput
              label={t("email")}
              type="email"
              autoComplete="username"
              required
              value={email}
              onChange={(event) => {
                setEmail(event.currentTarget.value);
              }}
            />
            <PasswordInput
              label={t("password")}
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => {
                setPassword(event.currentTarget.value);
              }}
            />
            <Button type="submit" size="sm" loading={busy}>
              {t("submit")}
            </Button>
            <Button variant="subtle" onClick={reset} disabled={busy}>
              {t("reset")}
            </Button>
          </Stack>
        </form>
        <Divider label={t("or")} />
        <Button
          variant="default"
          size="sm"
          leftSection={<IconBrandGoogle size={16} aria-hidden />}
          disabled={busy}
          onClick={() => {
            void attempt(() => withGoogle(auth));
          }}
        >
          {t("google")}
        </Button>
      </Stack>
    </Center>
  );
}
