import {
  Badge,
  Button,
  Group,
  Skeleton,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { IconMoodEmpty } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import * as at from "../../../../../functions/src/domain/collections.ts";
import { OpportunityId } from "../../../../../functions/src/domain/kernel/ids.ts";
import type { Opportunity as Card } from "../../../../../functions/src/domain/cards/opportunity.ts";
import { type WithId, useLive } from "../../../lib/firestore/live.ts";
import { useMay, useSession } from "../../../lib/session/session.ts";
import { Empty } from "../../../parts/Empty.tsx";
import { Moment } from "../../../parts/Moment.tsx";
import { Score } from "../../../parts/Score.tsx";
import { ErrorAlert } from "../../../parts/ErrorAlert.tsx";
import { Activations } from "./Activations.tsx";
import { CardMenu } from "./CardMenu.tsx";
import { Claims } from "./evidence/Claims.tsx";
import { Comments } from "./Comments.tsx";
import { EvidencePanel } from "./evidence/EvidencePanel.tsx";
import { Help } from "./Help.tsx";
import { History } from "./History.tsx";
import classes from "./Opportunity.module.css";
import { Outreach } from "./Outreach.tsx";
import { ReviewBar } from "./ReviewBar.tsx";
import { ScoreFactors } from "./ScoreFactors.tsx";
import { Panel } from "../../../parts/Panel.tsx";
import { StatusLine } from "./StatusLine.tsx";
import { useEvidence } from "./evidence/useEvidence.ts";

/** A card in full, live: what it says and why, and what can be done with it. */
export function Opportunity({
  id,
  byKey = false,
}: {
  readonly id: string;
  /** Whether the keys review this card; beside a list they belong to the list. */
  readonly byKey?: boolean;
}) {
  const t = useTranslations("opportunity");
  const { tenantId } = useSession();
  const parsed = OpportunityId.safeParse(id);
  const live = useLive(
    parsed.success ? at.opportunity(tenantId, parsed.data) : null,
  );
  if (!parsed.success) return <Missing />;
  if (live.state === "loading") return <Loading />;
  // The rules refuse what may not be read, whether it exists or not.
  if (live.state === "failed")
    return "code" in live.error && live.error.code === "permission-denied" ? (
      <Missing />
    ) : (
      <ErrorAlert title={t("failed")} error={live.error} />
    );
  if (live.value === null) return <Missing />;
  return <FullCard opportunity={live.value} byKey={byKey} />;
}

interface CardProps {
  readonly opportunity: WithId<Card>;
  readonly byKey: boolean;
}

function FullCard({ opportunity, byKey }: CardProps) {
  const t = useTranslations("opportunity");
  const { card, id } = opportunity;
  return (
    <article className={classes["card"]} aria-labelledby={`title-${id}`}>
      <Head opportunity={opportunity} byKey={byKey} />
      {card.gaps.length > 0 && (
        <Text size="sm" c="dimmed" px="md" pt="sm">
          {t("gaps", { gaps: card.gaps.join("; ") })}
        </Text>
      )}
      <div className={classes["body"]}>
        <Panel level={3} title={t("claims")}>
          <ClaimsWithEvidence opportunity={opportunity} />
        </Panel>
        <Panel level={3} title={t("score")}>
          <ScoreFactors score={card.score} />
        </Panel>
        <Help card={card} />
        <Panel level={3} title={t("outreach")}>
          <Outreach opportunity={opportunity} />
        </Panel>
        <Panel level={3} title={t("crm")}>
          <Activations opportunity={opportunity} />
        </Panel>
        <Panel level={3} title={t("comments")}>
          <Comments opportunity={opportunity} />
        </Panel>
        <Panel level={3} title={t("history")}>
          <History opportunityId={id} />
        </Panel>
      </div>
    </article>
  );
}

/** What the card is about, its status, and what can be done with it. */
function Head({ opportunity, byKey }: CardProps) {
  const t = useTranslations("opportunity");
  const category = useTranslations("category");
  const { card, id } = opportunity;
  return (
    <header className={classes["head"]}>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <Score value={card.score.total} size={52} />
        <div className={classes["names"]}>
          <Group gap={8}>
            <AccountLink
              accountId={opportunity.accountId}
              name={opportunity.accountName}
            />
            <Badge color="gray">{category(opportunity.category)}</Badge>
            <Text size="xs" c="dimmed">
              {t("receivedAt")} <Moment at={opportunity.receivedAt} />
            </Text>
          </Group>
          <Title
            order={byKey ? 1 : 2}
            id={`title-${id}`}
            className={classes["title"] ?? ""}
          >
            {card.title}
          </Title>
        </div>
        <CardMenu opportunity={opportunity} />
      </Group>
      <StatusLine opportunity={opportunity} />
      <ReviewBar opportunity={opportunity} byKey={byKey} />
    </header>
  );
}

/** The claims; the first one with a quote is open. */
function ClaimsWithEvidence({ opportunity }: Pick<CardProps, "opportunity">) {
  const t = useTranslations("opportunity");
  const may = useMay();
  const { card, audience } = opportunity;
  const mayRead = may("opportunity.evidence.read", audience);
  const evidence = useEvidence(opportunity, mayRead);
  const firstFound = card.claims.find(({ kind }) => kind === "FOUND");
  const [claimId, setClaimId] = useState(firstFound?.id ?? null);
  return (
    <Claims
      card={card}
      chosen={claimId}
      onChoose={setClaimId}
      evidence={(claim) =>
        mayRead ? (
          <EvidencePanel card={card} claim={claim} live={evidence} />
        ) : (
          <Text size="sm" c="dimmed">
            {t("evidenceDenied")}
          </Text>
        )
      }
    />
  );
}

function AccountLink({
  accountId,
  name,
}: {
  readonly accountId: string;
  readonly name: string;
}) {
  const t = useTranslations("opportunity");
  const tenant = useParams({
    strict: false,
    select: (params) => params.tenant,
  });
  return (
    <a
      className={classes["account"]}
      href={`/t/${encodeURIComponent(tenant ?? "")}/accounts/${encodeURIComponent(accountId)}`}
      title={t("toAccount")}
    >
      {name}
    </a>
  );
}

function Missing() {
  const t = useTranslations("opportunity");
  return (
    <Empty
      icon={<IconMoodEmpty size={36} stroke={1.25} aria-hidden />}
      title={t("missing")}
      text={t("missingText")}
    >
      <Button component="a" href="/" variant="default">
        {t("back")}
      </Button>
    </Empty>
  );
}

function Loading() {
  const t = useTranslations("app");
  return (
    <Stack p="md" role="status" aria-label={t("loading")}>
      <Skeleton h={24} w="70%" />
      <Skeleton h={32} w="50%" />
      <Skeleton h={120} />
      <Skeleton h={160} />
    </Stack>
  );
}
