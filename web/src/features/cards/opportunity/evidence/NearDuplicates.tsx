import { Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useMoments } from "../../../../lib/language/moments.ts";
import { OutsideLink } from "../../../../parts/OutsideLink.tsx";
import classes from "./NearDuplicates.module.css";
import type { NearDuplicate } from "./useEvidence.ts";

/** Other documents that tell the same story as the quoted one, in the order they were received. */
export function NearDuplicates({
  nearDuplicates,
}: {
  readonly nearDuplicates: readonly NearDuplicate[];
}) {
  const t = useTranslations("opportunity");
  const { full } = useMoments();
  if (nearDuplicates.length === 0) return null;
  return (
    <details className={classes["nearDuplicates"]}>
      <summary>{t("nearDuplicates", { count: nearDuplicates.length })}</summary>
      <ol>
        {nearDuplicates.map(({ url, title, publisher, seenAt }) => (
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
