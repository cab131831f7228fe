import {
  Alert,
  Button,
  Center,
  Divider,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { IconBrandGoogle, IconMail } from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import type { Settings } from "../../../lib/session/settings.ts";
import {
  linkAddress,
  type Auth,
  isOpenedByLink,
  signInFailure,
  sendLink,
  sendReset,
  signInByGoogle,
  signInByLink,
  signInByPassword,
} from "../../../lib/session/signIn.ts";
import { Logo } from "../../../parts/Logo.tsx";
import { DemoPeople } from "./DemoPeople.tsx";

export interface SignInProps {
  readonly auth: Auth;
  readonly demo: Settings["demo"];
  /** What shows below the ways to sign in. */
  readonly children: ReactNode;
}

/** The way in: e-mail or Google, and in the demo one click. */
export function SignIn({ auth, demo, children }: SignInProps) {
  const t = useTranslations("signIn");
  const [email, setEmail] = useState(() => linkAddress() ?? "");
  const { busy, notice, say, attempt } = useSignInAttempt();
  const { byLink, signIn } = useSignIn(auth, attempt);
  const sendMail = (kind: keyof typeof mails) => {
    if (email === "") {
      return say(t("resetNeedsEmail"), false);
    }
    void attempt(async () => {
      await mails[kind].send(auth, email);
      say(t(mails[kind].done, { email }), true);
    });
  };
  return (
    <Center component="main" mih="100%" p="md">
      <Stack w="100%" maw={380} gap="lg">
        <Welcome text={t(byLink ? "linkOtherBrowser" : "about")} />
        {notice !== null && (
          <Alert color={notice.good ? "teal" : "red"} role="alert">
            {notice.text}
          </Alert>
        )}
        {demo !== undefined && (
          <DemoPeople
            people={demo.people}
            busy={busy}
            onChoose={(address) => {
              void attempt(() =>
                signInByPassword(auth, address, demo.password),
              );
            }}
          />
        )}
        <EmailForm
          email={email}
          onEmail={setEmail}
          asksPassword={!byLink}
          busy={busy}
          onSubmit={(password) => {
            signIn(email, password);
          }}
          onReset={() => {
            sendMail("reset");
          }}
        />
        <OtherWays
          busy={busy}
          onLink={() => {
            sendMail("link");
          }}
          onGoogle={() => {
            void attempt(() => signInByGoogle(auth));
          }}
        />
        {children}
      </Stack>
    </Center>
  );
}

function Welcome({ text }: { readonly text: string }) {
  const t = useTranslations("signIn");
  return (
    <Stack gap={4}>
      <Logo size={36} />
      <Title order={1} mt="xs">
        {t("title")}
      </Title>
      <Text c="dimmed">{text}</Text>
    </Stack>
  );
}

/** The mails that can be sent from here, and what is said once one is on its way. */
const mails = {
  link: { send: sendLink, done: "linkSent" },
  reset: { send: sendReset, done: "resetSent" },
} as const;

type Attempt = ReturnType<typeof useSignInAttempt>["attempt"];

/** Tries one way in at a time, and says why it did not work. */
function useSignInAttempt() {
  const t = useTranslations("signIn");
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
      setNotice({ text: t(signInFailure(error)), good: false });
    } finally {
      setBusy(false);
    }
  };
  const say = (text: string, good: boolean) => {
    setNotice({ text, good });
  };
  return { busy, notice, say, attempt };
}

/** Signs in by the link that the page was opened by, at once where this browser asked for it; else by password. */
function useSignIn(auth: Auth, attempt: Attempt) {
  const [byLink, setByLink] = useState(() => isOpenedByLink(auth));
  useEffect(() => {
    const address = linkAddress();
    if (!isOpenedByLink(auth) || address === null) return;
    setByLink(false);
    void attempt(() => signInByLink(auth, address));
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, for the link that the page was opened by.
  }, []);
  const signIn = (email: string, password: string) => {
    void attempt(() => {
      if (!byLink) return signInByPassword(auth, email, password);
      // It is good once, whether it fits the address or not.
      setByLink(false);
      return signInByLink(auth, email);
    });
  };
  return { byLink, signIn };
}

function EmailForm({
  email,
  onEmail,
  asksPassword,
  busy,
  onSubmit,
  onReset,
}: {
  readonly email: string;
  readonly onEmail: (email: string) => void;
  readonly asksPassword: boolean;
  readonly busy: boolean;
  readonly onSubmit: (password: string) => void;
  readonly onReset: () => void;
}) {
  const t = useTranslations("signIn");
  const [password, setPassword] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(password);
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t("email")}
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => {
            onEmail(event.currentTarget.value);
          }}
        />
        {asksPassword && (
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
        <Button variant="subtle" onClick={onReset} disabled={busy}>
          {t("reset")}
        </Button>
      </Stack>
    </form>
  );
}

function OtherWays({
  busy,
  onLink,
  onGoogle,
}: {
  readonly busy: boolean;
  readonly onLink: () => void;
  readonly onGoogle: () => void;
}) {
  const t = useTranslations("signIn");
  return (
    <>
      <Divider label={t("orNew")} />
      <Button
        variant="default"
        size="sm"
        leftSection={<IconMail size={16} aria-hidden />}
        disabled={busy}
        onClick={onLink}
      >
        {t("link")}
      </Button>
      <Button
        variant="default"
        size="sm"
        leftSection={<IconBrandGoogle size={16} aria-hidden />}
        disabled={busy}
        onClick={onGoogle}
      >
        {t("google")}
      </Button>
    </>
  );
}
