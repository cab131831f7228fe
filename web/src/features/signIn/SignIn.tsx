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
import { IconBrandGoogle, IconMail } from "@tabler/icons-react";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import type { Settings } from "../../lib/settings.ts";
import {
  addressOfLink,
  type Auth,
  isOpenedByLink,
  reasonOf,
  sendLink,
  sendReset,
  withGoogle,
  withLink,
  withPassword,
} from "../../lib/signIn.ts";
import { Logo } from "../../parts/Logo.tsx";
import classes from "./SignIn.module.css";

export interface SignInProps {
  readonly auth: Auth;
  readonly demo: Settings["demo"];
  /** What stands below the ways in. */
  readonly children: ReactNode;
}

/** The way in: e-mail or Google, and in the demo one click. */
export function SignIn({ auth, demo, children }: SignInProps) {
  const t = useTranslations("signIn");
  const app = useTranslations("app");
  const [email, setEmail] = useState(() => addressOfLink() ?? "");
  const [byLink, setByLink] = useState(() => isOpenedByLink(auth));
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
    void attempt(() => {
      if (!byLink) return withPassword(auth, email, password);
      // It is good once, whether it fits the address or not.
      setByLink(false);
      return withLink(auth, email);
    });
  };
  useEffect(() => {
    const address = addressOfLink();
    if (!isOpenedByLink(auth) || address === null) return;
    setByLink(false);
    void attempt(() => withLink(auth, address));
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, for the link that the page was opened by.
  }, []);
  const link = () => {
    if (email === "") {
      setNotice({ text: t("resetNeedsEmail"), good: false });
      return;
    }
    void attempt(async () => {
      await sendLink(auth, email);
      setNotice({ text: t("linkSent", { email }), good: true });
    });
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
          <Text c="dimmed">{t(byLink ? "linkOtherBrowser" : "about")}</Text>
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
                      {app(`roles.${person.role}`)}
                      {person.isLead && `, ${app("lead")}`}
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
            {!byLink && (
              <PasswordInput
                label={t("password")}
                autoComplete="current-password"
                required
                value={password}
                onChange={(event) => {
                  setPassword(event.currentTarget.value);
                }}
              />
            )}
            <Button type="submit" size="sm" loading={busy}>
              {t("submit")}
            </Button>
            <Button variant="subtle" onClick={reset} disabled={busy}>
              {t("reset")}
            </Button>
          </Stack>
        </form>
        <Divider label={t("orNew")} />
        <Button
          variant="default"
          size="sm"
          leftSection={<IconMail size={16} aria-hidden />}
          disabled={busy}
          onClick={link}
        >
          {t("link")}
        </Button>
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
        {children}
      </Stack>
    </Center>
  );
}
