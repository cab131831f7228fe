import "@fontsource-variable/inter/index.css";
import "./app/styles.ts";
import "./app/app.css";
import { MantineProvider } from "@mantine/core";
import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { Console } from "./app/Console.tsx";
import { Language } from "./app/Language.tsx";
import { theme } from "./app/theme.ts";
import { afterFirstContent } from "./lib/page/firstContent.ts";
import { lazyComponent } from "./lib/page/lazyComponent.ts";

const Toasts = lazyComponent(
  () => afterFirstContent(() => import("./app/Toasts.tsx")),
  (module) => module.Toasts,
);

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no root.");
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Language>
        <Suspense>
          <Toasts />
        </Suspense>
        <Console />
      </Language>
    </MantineProvider>
  </StrictMode>,
);
