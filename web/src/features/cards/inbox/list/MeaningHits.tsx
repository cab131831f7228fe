import { Button } from "@mantine/core";
import { useTranslations } from "use-intl";
import { z } from "zod";
import { useAnswer } from "../../../../lib/api/answer.ts";
import { Score } from "../../../../parts/Score.tsx";
import classes from "./MeaningHits.module.css";

const Hits = z.object({
  items: z.array(
    z.object({
      why: z.enum(["words", "meaning"]),
      card: z.object({
        id: z.string(),
        title: z.string(),
        accountName: z.string(),
        score: z.number(),
      }),
    }),
  ),
});

const most = 5;

/** Cards that mean the same as the search without using its words, whatever their status. */
export function MeaningHits({
  q,
  shown,
  onOpen,
}: {
  readonly q: string;
  /** The ids that the list shows already. */
  readonly shown: ReadonlySet<string>;
  readonly onOpen: (id: string) => void;
}) {
  const t = useTranslations("inbox");
  const live = useAnswer(
    `/search/opportunities?q=${encodeURIComponent(q)}&limit=20`,
    Hits,
  );
  // The search by words works without it, so a missing index is not reported.
  if (live.state !== "ready") return null;
  const cards = live.value.items
    .filter(({ why, card }) => why === "meaning" && !shown.has(card.id))
    .slice(0, most);
  if (cards.length === 0) return null;
  return (
    <section className={classes["hits"]} aria-label={t("byMeaning")}>
      <h2 className={classes["title"]}>{t("byMeaning")}</h2>
      {cards.map(({ card: { id, title, accountName, score } }) => (
        <Button
          key={id}
          variant="subtle"
          size="compact-sm"
          justify="flex-start"
          fullWidth
          leftSection={<Score value={score} size={22} />}
          onClick={() => {
            onOpen(id);
          }}
        >
          {accountName}: {title}
        </Button>
      ))}
    </section>
  );
}
