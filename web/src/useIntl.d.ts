import type { Language } from "./lib/language/language.ts";
import type { Messages } from "./messages/messages.ts";

declare module "use-intl" {
  interface AppConfig {
    Locale: Language;
    Messages: Messages;
  }
}
