import { Alert } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { AccountName } from "../../../parts/AccountName.tsx";
import classes from "./Story.module.css";
import { parseQuestion, type Traces } from "./traces.ts";

/** The item was never received: which sources might have brought it, and what to do. */
export function NeverReceived({
  find,
  watchedBy,
}: {
  readonly find: string;
  readonly watchedBy: NonNullable<Traces["hint"]>["watchedBy"];
}) {
  const t = useTranslations("operations");
  const source = useTranslations("source");
  const [kind, value] = parseQuestion(find);
  const host =
    kind === "url" && URL.canParse(value) ? new URL(value).hostname : null;
  return (
    <Alert
      color="blue"
      icon={<IconInfoCircle aria-hidden />}
      title={t("why.never")}
      role="status"
    >
      {host === null && <p className={classes["text"]}>{t("why.noSuchId")}</p>}
      {host !== null && watchedBy.length === 0 && (
        <p className={classes["text"]}>{t("why.nobodyWatches", { host })}</p>
      )}
      {watchedBy.length > 0 && (
        <>
          <p className={classes["text"]}>
            {t("why.watched", { host: host ?? "" })}
          </p>
          <ul className={classes["list"]}>
            {watchedBy.map(({ accountId, kind: of, key }) => (
              <li key={`${accountId}_${key}`}>
                <AccountName id={accountId} />: {source(of)}, <code>{key}</code>
              </li>
            ))}
          </ul>
          <p className={classes["text"]}>{t("why.watchedThen")}</p>
        </>
      )}
    </Alert>
  );
}
