import type { Language, Messages } from "./lib/language.ts";

declare module "use-intl" {
  interface AppConfig {
    Locale: Language;
    Messages: Messages;
  }
}
