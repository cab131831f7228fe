import { Button, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { InboxItem } from "../../../../../../functions/src/domain/cards/inbox.ts";
import { type ReviewKind, isOffered } from "../../review/review.ts";
import type { WithId } from "../../../../lib/firestore/live.ts";
import { useMay } from "../../../../lib/session/session.ts";
import classes from "./BulkBar.module.css";

/** What can be done with all selected cards. */
export function BulkBar({
  cards,
  onAct,
  onAll,
  onNone,
}: {
  readonly cards: readonly WithId<InboxItem>[];
  readonly onAct: (kind: ReviewKind) => void;
  readonly onAll: () => void;
  readonly onNone: () => void;
}) {
  const t = useTranslations("inbox");
  const decisions = useTranslations("reviews");
  const may = useMay();
  return (
    <div className={classes["bar"]} role="toolbar" aria-label={t("bulk")}>
      <Text size="sm" fw={600}>
        {t("selected", { count: cards.length })}
      </Text>
      {(["approve", "reject", "snooze"] as const)
        .filter((kind) => cards.some((card) => isOffered(kind, card, may)))
        .map((kind) => (
          <Button
            key={kind}
            variant="default"
            size="compact-xs"
            onClick={() => {
              onAct(kind);
            }}
          >
            {decisions(`button.${kind}`)}
          </Button>
        ))}
      <span className={classes["space"]} />
      <Button variant="subtle" size="compact-xs" onClick={onAll}>
        {t("selectAll")}
      </Button>
      <Button variant="subtle" size="compact-xs" onClick={onNone}>
        {t("selectNone")}
      </Button>
    </div>
  );
}
