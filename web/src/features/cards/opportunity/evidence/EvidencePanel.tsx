import { Alert, Group, Skeleton, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconExternalLink,
  IconShieldCheck,
} from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { Claim } from "../../../../../../functions/src/domain/cards/claims.ts";
import type { Card } from "../../../../../../functions/src/domain/cards/opportunity.ts";
import { useMoments } from "../../../../lib/language/moments.ts";
import { OutsideLink } from "../../../../parts/OutsideLink.tsx";
import { ErrorAlert } from "../../../../parts/ErrorAlert.tsx";
import classes from "./EvidencePanel.module.css";
import { NearDuplicates } from "./NearDuplicates.tsx";
import type { Evidence, NearDuplicate, useEvidence } from "./useEvidence.ts";

/** The quote behind a claim, in its archived text; for a conclusion, the quotes behind the claims it rests on. */
export function EvidencePanel({
  card,
  claim,
  live,
}: {
  readonly card: Card;
  readonly claim: Claim;
  readonly live: ReturnType<typeof useEvidence>;
}) {
  const t = useTranslations("opportunity");
  if (claim.kind === "CALCULATED")
    return (
      <Text size="sm">
        {t("kindHelp.CALCULATED", { formula: claim.formula })}
      </Text>
    );
  if (live.state === "loading") return <Skeleton h={120} />;
  if (live.state === "failed")
    return <ErrorAlert title={t("evidenceFailed")} error={live.error} />;
  const ids = evidenceIds(claim, card);
  return (
    <>
      {claim.kind === "INFERRED" && (
        <Text size="sm" c="dimmed" mb="xs">
          {t("kindHelp.INFERRED")}{" "}
          {t("basedOn", { claims: claimNumbers(claim.basis, card) })}
        </Text>
      )}
      {ids.map((one) => (
        <Quote
          key={one}
          evidence={live.value.items.find((quote) => quote.id === one)}
          nearDuplicates={live.value.nearDuplicates}
        />
      ))}
    </>
  );
}

function Quote({
  evidence,
  nearDuplicates,
}: {
  readonly evidence: Evidence | undefined;
  readonly nearDuplicates: readonly NearDuplicate[];
}) {
  const t = useTranslations("opportunity");
  const source = evidence?.source ?? null;
  if (evidence === undefined || source === null)
    return (
      <Alert color="red" icon={<IconAlertTriangle aria-hidden />}>
        {t("lost")}
      </Alert>
    );
  return (
    <figure className={classes["quote"]}>
      <blockquote
        className={classes["text"]}
        lang={source.language}
        tabIndex={0}
      >
        {evidence.before !== null && <span>… {evidence.before}</span>}
        <mark>{source.quote}</mark>
        {evidence.after !== null && <span>{evidence.after} …</span>}
      </blockquote>
      <figcaption>
        <SourceLines source={source} />
        <Verification isVerified={evidence.verified} />
        <NearDuplicates
          nearDuplicates={nearDuplicates.filter(
            ({ signalId }) => signalId === evidence.signalId,
          )}
        />
      </figcaption>
    </figure>
  );
}

/** Where the quote is from, since when, and under which licence. */
function SourceLines({
  source,
}: {
  readonly source: NonNullable<Evidence["source"]>;
}) {
  const t = useTranslations("opportunity");
  const { day, full } = useMoments();
  return (
    <>
      <Text size="sm" fw={550}>
        {source.title}
      </Text>
      <Group gap={10} mt={2}>
        <Text size="xs" c="dimmed">
          {source.publisher}
        </Text>
        <Text size="xs" c="dimmed">
          {t("published", { when: day(source.publishedAt) })},{" "}
          {t("fetched", { when: full(source.fetchedAt) })}
        </Text>
        <Text size="xs" c="dimmed">
          {t("licence", { licence: source.licence })}
        </Text>
        {source.url !== null && /^https?:/.test(source.url) && (
          <OutsideLink size="xs" href={source.url}>
            {t("openSource")} <IconExternalLink size={12} aria-hidden />
          </OutsideLink>
        )}
      </Group>
    </>
  );
}

function Verification({ isVerified }: { readonly isVerified: boolean }) {
  const t = useTranslations("opportunity");
  const Icon = isVerified ? IconShieldCheck : IconAlertTriangle;
  return (
    <Group
      gap={4}
      mt={4}
      className={classes[isVerified ? "good" : "bad"] ?? ""}
    >
      <Icon size={14} aria-hidden />
      <Text size="xs">{t(isVerified ? "verified" : "notVerified")}</Text>
    </Group>
  );
}

function evidenceIds(claim: Claim, card: Card): readonly string[] {
  if (claim.kind === "FOUND") return [claim.evidenceId];
  if (claim.kind === "CALCULATED") return [];
  const under = card.claims.filter(({ id }) => claim.basis.includes(id));
  return [
    ...new Set(
      under.flatMap((one) => (one.kind === "FOUND" ? [one.evidenceId] : [])),
    ),
  ];
}

function claimNumbers(basis: readonly string[], card: Card): string {
  return card.claims
    .flatMap(({ id }, i) => (basis.includes(id) ? [i + 1] : []))
    .join(", ");
}
