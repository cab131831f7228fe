import { Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useMoments } from "../../../../lib/language/moments.ts";
import { OutsideLink } from "../../../../parts/OutsideLink.tsx";
import classes from "./NearDuplicates.module.css";
import type { Retelling } from "./useEvidence.ts";

/** Who else tells what a quote tells, in the order in which it was heard. */
export function Retellings({
  retellings,
}: {
  readonly retellings: readonly Retelling[];
}) {
  const t = useTranslations("opportunity");
  const { full } = useMoments();
  if (retellings.length === 0) return null;
  return (
    <details className={classes["retellings"]}>
      <summary>{t("alsoToldBy", { count: retellings.length })}</summary>
      <ol>
        {retellings.map(({ url, title, publisher, seenAt }) => (
          <li key={`${publisher} ${url ?? title}`}>
            {url !== null && /^https?:/.test(url) ? (
              <OutsideLink size="xs" href={url}>
                {title}
              </OutsideLink>
            ) : (
              <Text span size="xs">
                {title}
              </Text>
            )}{" "}
            <Text span size="xs" c="dimmed">
              {publisher}, {full(seenAt)}
            </Text>
          </li>
        ))}
      </ol>
    </details>
  );
}
