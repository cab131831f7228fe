import { createContext, type ReactNode, use, useEffect, useState } from "react";
import { IntlProvider } from "use-intl";
import {
  firstLanguage,
  type Language as Tongue,
  loadMessages,
  rememberLanguage,
} from "../lib/language/language.ts";
import type { Messages } from "../messages/messages.ts";

const Choice = createContext<(language: Tongue) => void>(() => undefined);

/** How the person chooses another language. */
export function useChooseLanguage(): (language: Tongue) => void {
  return use(Choice);
}

/** Provides the chosen language to everything below; nothing shows before its texts are loaded. */
export function Language({ children }: { readonly children: ReactNode }) {
  const [wanted, setWanted] = useState(firstLanguage);
  const [spoken, setSpoken] = useState<{
    readonly language: Tongue;
    readonly messages: Messages;
  }>();
  useEffect(() => {
    let current = true;
    void loadMessages(wanted).then((messages) => {
      if (current) setSpoken({ language: wanted, messages });
    });
    return () => {
      current = false;
    };
  }, [wanted]);
  useEffect(() => {
    if (spoken !== undefined) document.documentElement.lang = spoken.language;
  }, [spoken]);
  if (spoken === undefined) return null;
  return (
    <Choice
      value={(language) => {
        rememberLanguage(language);
        setWanted(language);
      }}
    >
      <IntlProvider
        locale={spoken.language}
        messages={spoken.messages}
        timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
      >
        {children}
      </IntlProvider>
    </Choice>
  );
}
