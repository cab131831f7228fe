import "@fontsource-variable/inter/index.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./app/app.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Console } from "./app/Console.tsx";
import { Language } from "./app/Language.tsx";
import { theme } from "./app/theme.ts";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no root.");
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Language>
        <Notifications position="bottom-right" limit={5} />
        <Console />
      </Language>
    </MantineProvider>
  </StrictMode>,
);
