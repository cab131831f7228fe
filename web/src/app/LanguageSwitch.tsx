import { Button, Group } from "@mantine/core";
import { useLocale, useTranslations } from "use-intl";
import { languages } from "../lib/language/language.ts";
import { useChooseLanguage } from "./Language.tsx";

/** The languages, each by its own name; for pages without a menu. */
export function LanguageSwitch() {
  const t = useTranslations("app");
  const locale = useLocale();
  const choose = useChooseLanguage();
  return (
    <Group gap="xs" role="group" aria-label={t("language")}>
      {languages.map((language) => (
        <Button
          key={language}
          variant={language === locale ? "light" : "subtle"}
          size="compact-xs"
          lang={language}
          aria-pressed={language === locale}
          onClick={() => {
            choose(language);
          }}
        >
          {t(language === "uk" ? "ukrainian" : "english")}
        </Button>
      ))}
    </Group>
  );
}
