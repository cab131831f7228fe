import { Badge, Text, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import type { Claim } from "../../../../../../functions/src/domain/cards/claims.ts";
import type { Card } from "../../../../../../functions/src/domain/cards/opportunity.ts";
import classes from "./Claims.module.css";

const colours = {
  FOUND: "teal",
  CALCULATED: "blue",
  INFERRED: "orange",
} as const;

/** The card's claims, each marked by its kind; the evidence of the chosen one shows below it. */
export function Claims({
  card,
  chosen,
  onChoose,
  evidence,
}: {
  readonly card: Card;
  readonly chosen: string | null;
  readonly onChoose: (id: string | null) => void;
  readonly evidence: (claim: Claim) => ReactNode;
}) {
  const t = useTranslations("opportunity");
  return (
    <ol className={classes["claims"]}>
      {card.claims.map((claim, i) => (
        <li key={claim.id}>
          <UnstyledButton
            className={classes["claim"] ?? ""}
            data-chosen={claim.id === chosen || undefined}
            aria-expanded={claim.id === chosen}
            onClick={() => {
              onChoose(claim.id === chosen ? null : claim.id);
            }}
          >
            <span className={classes["number"]}>{i + 1}</span>
            <span>
              <Text size="md" span>
                {claim.text}
              </Text>{" "}
              <Badge
                title={claimHelp(claim, t)}
                color={colours[claim.kind]}
                size="sm"
                className={classes["kind"] ?? ""}
              >
                {t(`kind.${claim.kind}`)}
              </Badge>
            </span>
          </UnstyledButton>
          {claim.id === chosen && (
            <div className={classes["evidence"]}>{evidence(claim)}</div>
          )}
        </li>
      ))}
    </ol>
  );
}

function claimHelp(
  claim: Claim,
  t: ReturnType<typeof useTranslations<"opportunity">>,
): string {
  return claim.kind === "CALCULATED"
    ? t("kindHelp.CALCULATED", { formula: claim.formula })
    : t(`kindHelp.${claim.kind}`);
}
