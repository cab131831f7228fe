import { Badge } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { OpportunityStatus } from "../../../functions/src/domain/cards/opportunity.ts";

const colours: Readonly<Record<OpportunityStatus, string>> = {
  draft: "gray",
  in_review: "blue",
  approved: "cyan",
  activating: "cyan",
  activated: "teal",
  partially_activated: "orange",
  activation_failed: "red",
  not_connected: "gray",
  rejected: "gray",
  snoozed: "grape",
  expired: "gray",
};

/** A card's status, in a word and a colour. */
export function StatusBadge({ status }: { readonly status: string }) {
  const t = useTranslations("status");
  if (!isStatus(status)) return <Badge color="gray">{status}</Badge>;
  return <Badge color={colours[status]}>{t(status)}</Badge>;
}

function isStatus(status: string): status is OpportunityStatus {
  return status in colours;
}
