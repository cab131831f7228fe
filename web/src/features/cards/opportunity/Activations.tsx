import { Badge, Button, Collapse, Group, Skeleton, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconExternalLink } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { z } from "zod";
import { CrmName } from "../../../../../functions/src/domain/crm/activation.ts";
import * as at from "../../../../../functions/src/domain/collections.ts";
import { OpportunityId } from "../../../../../functions/src/domain/kernel/ids.ts";
import type { Opportunity } from "../../../../../functions/src/domain/cards/opportunity.ts";
import { useApi } from "../../../lib/api/api.ts";
import { type WithId, useLive } from "../../../lib/firestore/live.ts";
import { useMoments } from "../../../lib/language/moments.ts";
import { useMay, useSession } from "../../../lib/session/session.ts";
import { OutsideLink } from "../../../parts/OutsideLink.tsx";
import classes from "./Activations.module.css";
import { type Planned, usePreview } from "./usePreview.ts";
import { notifyFailure } from "../../../parts/notifyFailure.ts";

const colours = {
  pending: "cyan",
  done: "teal",
  failed: "red",
  not_connected: "gray",
} as const;
const before = ["draft", "in_review", "snoozed", "approved"];

/** What would be written to each CRM; after the approval, what was. */
export function Activations({
  opportunity,
}: {
  readonly opportunity: WithId<Opportunity>;
}) {
  const t = useTranslations("opportunity");
  const isBefore = before.includes(opportunity.state.status);
  return (
    <>
      <Text size="xs" c="dimmed" mb={6}>
        {t(isBefore ? "crmBefore" : "crmAfter")}
      </Text>
      {isBefore ? (
        <Preview id={opportunity.id} version={opportunity.version} />
      ) : (
        <WrittenRecords opportunity={opportunity} />
      )}
    </>
  );
}

function Preview({
  id,
  version,
}: {
  readonly id: string;
  readonly version: number;
}) {
  const live = usePreview(id, version);
  if (live.state === "loading") return <Skeleton h={48} />;
  if (live.state === "failed")
    return (
      <Text size="sm" c="dimmed">
        {live.error.message}
      </Text>
    );
  return (
    <ul className={classes["list"]}>
      {live.value.items.map((planned) => (
        <PlannedRecord
          key={`${planned.crm}${planned.object}`}
          planned={planned}
        />
      ))}
    </ul>
  );
}

function PlannedRecord({ planned }: { readonly planned: Planned }) {
  const t = useTranslations("opportunity");
  const crmName = useTranslations("crmName");
  const { day } = useMoments();
  const [open, setOpen] = useState(false);
  const { crm, object, subject, body, crmAccountId, dueAt, priority, whyNot } =
    planned;
  return (
    <li>
      <Group gap={8}>
        <Text size="sm" fw={600}>
          {crmName(crm)}
        </Text>
        <Badge color="gray">{object}</Badge>
        {planned.connection === "mock" && (
          <Badge color="grape">{t("standIn")}</Badge>
        )}
        <Button
          variant="subtle"
          size="compact-xs"
          h="auto"
          maw="100%"
          styles={{ label: { whiteSpace: "normal", textAlign: "start" } }}
          aria-expanded={open}
          onClick={() => {
            setOpen(!open);
          }}
        >
          {subject}
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        {[
          crmAccountId === null
            ? t("crmNoAccount")
            : t("crmAccount", { id: crmAccountId }),
          ...(priority === null ? [] : [t("priority", { priority })]),
          ...(dueAt === null ? [] : [t("dueBy", { when: day(dueAt) })]),
        ].join(" · ")}
      </Text>
      {whyNot !== null && (
        <Text size="xs" c="light-dark(#c92a2a, #ff8787)">
          {planned.connection === "none"
            ? t("crmNotConnected")
            : t("notAllowed", { why: whyNot })}
        </Text>
      )}
      <Collapse expanded={open}>
        <Text size="xs" className={classes["body"] ?? ""}>
          {body}
        </Text>
      </Collapse>
    </li>
  );
}

function WrittenRecords({
  opportunity,
}: {
  readonly opportunity: WithId<Opportunity>;
}) {
  const t = useTranslations("opportunity");
  const { tenantId } = useSession();
  const may = useMay();
  const id = OpportunityId.parse(opportunity.id);
  const canRetry =
    may("opportunity.retry_activation", opportunity.audience) &&
    ["partially_activated", "activation_failed", "not_connected"].includes(
      opportunity.state.status,
    );
  return (
    <>
      <ul className={classes["list"]}>
        {CrmName.options.map((crm) => (
          <CrmRecord
            key={crm}
            crm={crm}
            at={at.activation(tenantId, id, crm)}
          />
        ))}
      </ul>
      {canRetry && <RetryButton id={opportunity.id} label={t("retry")} />}
    </>
  );
}

function CrmRecord({
  crm,
  at: place,
}: {
  readonly crm: CrmName;
  readonly at: ReturnType<typeof at.activation>;
}) {
  const t = useTranslations("opportunity");
  const crmName = useTranslations("crmName");
  const live = useLive(place);
  const activation = live.state === "ready" ? live.value : null;
  const state = activation?.state ?? "pending";
  const link = activation?.link ?? null;
  return (
    <li data-crm={crm} data-state={state}>
      <Group gap={8}>
        <Text size="sm" fw={600}>
          {crmName(crm)}
        </Text>
        <Badge color={colours[state]}>{t(`crmState.${state}`)}</Badge>
        {link !== null && /^https?:/.test(link) && (
          <OutsideLink size="sm" href={link}>
            {t("openRecord", { crm: crmName(crm) })}{" "}
            <IconExternalLink size={12} aria-hidden />
          </OutsideLink>
        )}
      </Group>
      {state === "not_connected" && (
        <Text size="xs" c="dimmed">
          {t("crmNotConnected")}
        </Text>
      )}
      {activation?.error != null && (
        <Text size="xs" c="light-dark(#c92a2a, #ff8787)">
          {activation.error.message}
        </Text>
      )}
    </li>
  );
}

function RetryButton({
  id,
  label,
}: {
  readonly id: string;
  readonly label: string;
}) {
  const t = useTranslations("opportunity");
  const api = useApi();
  const [busy, setBusy] = useState(false);
  const retry = async () => {
    setBusy(true);
    try {
      await api.call({
        method: "POST",
        path: `/opportunities/${encodeURIComponent(id)}/retry-activation`,
        answer: z.unknown(),
      });
      notifications.show({ message: t("retried") });
    } catch (error) {
      notifyFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      mt="sm"
      loading={busy}
      onClick={() => {
        void retry();
      }}
    >
      {label}
    </Button>
  );
}
