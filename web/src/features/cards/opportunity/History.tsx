import { Text, Timeline } from "@mantine/core";
import { useTranslations } from "use-intl";
import * as at from "../../../../../functions/src/domain/collections.ts";
import {
  englishNames,
  type Names,
} from "../../../../../functions/src/domain/reports/englishNames.ts";
import { OpportunityId } from "../../../../../functions/src/domain/kernel/ids.ts";
import { useLiveList } from "../../../lib/firestore/live.ts";
import { usePersonName } from "../../../lib/api/people.ts";
import { useSession } from "../../../lib/session/session.ts";
import { Moment } from "../../../parts/Moment.tsx";
import { StatusBadge } from "../../../parts/StatusBadge.tsx";

const isStep = (what: string): what is keyof Names["step"] =>
  what in englishNames.step;
const newest = { orderBy: [["at", "desc"]], limit: 100 } as const;

/** What happened to the card, the newest first. */
export function History({ opportunityId }: { readonly opportunityId: string }) {
  const t = useTranslations("opportunity");
  const { tenantId } = useSession();
  const step = useTranslations("step");
  const personName = usePersonName();
  const live = useLiveList(
    at.history(tenantId, OpportunityId.parse(opportunityId)),
    newest,
  );
  if (live.state !== "ready") return null;
  return (
    <Timeline bulletSize={12} lineWidth={2} active={live.value.length}>
      {live.value.map(({ id, at: when, by, what, to, note }) => (
        <Timeline.Item key={id}>
          <Text size="sm">
            {t("step", {
              who: personName(by),
              what: isStep(what) ? step(what) : what,
            })}{" "}
            <StatusBadge status={to} />
          </Text>
          {note !== null && note !== "" && (
            <Text size="sm" c="dimmed">
              {note}
            </Text>
          )}
          <Text size="xs" c="dimmed">
            <Moment at={when} />
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
