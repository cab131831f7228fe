import { Center, Loader } from "@mantine/core";
import { RouterProvider } from "@tanstack/react-router";
import { Suspense, useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { connect, type Firebase } from "../lib/session/firebase.ts";
import { useIdentity } from "../lib/session/identity.ts";
import { loadSettings, type Settings } from "../lib/session/settings.ts";
import { ErrorAlert } from "../parts/ErrorAlert.tsx";
import { router } from "./router.tsx";
import { SignedIn } from "./SignedIn.tsx";
import { toError } from "../lib/errors.ts";
import { lazyComponent } from "../lib/page/lazyComponent.ts";

const SignInPage = lazyComponent(
  () => import("./pages/SignInPage.tsx"),
  (module) => module.SignInPage,
);

interface Ready {
  readonly settings: Settings;
  readonly firebase: Firebase;
}

/** From an empty page to the person's own: settings, sign-in, membership, pages. */
export function Console() {
  const t = useTranslations("app");
  const [ready, setReady] = useState<Ready | Error>();
  useEffect(() => {
    loadSettings().then(
      (settings) => {
        setReady({ settings, firebase: connect(settings) });
      },
      (error: unknown) => {
        setReady(toError(error));
      },
    );
  }, []);
  if (ready === undefined) return <Wait />;
  if (ready instanceof Error)
    return <ErrorAlert title={t("noSettings")} error={ready} />;
  return <Identified {...ready} />;
}

function Identified({ settings, firebase }: Ready) {
  const identity = useIdentity(firebase.auth);
  if (identity === undefined) return <Wait />;
  if (identity === null)
    return (
      <Suspense fallback={<Wait />}>
        <SignInPage auth={firebase.auth} demo={settings.demo} />
      </Suspense>
    );
  return (
    <SignedIn identity={identity} firebase={firebase}>
      <RouterProvider router={router} />
    </SignedIn>
  );
}

function Wait() {
  const t = useTranslations("app");
  return (
    <Center h="100%" component="main">
      <Loader aria-label={t("loading")} />
    </Center>
  );
}
