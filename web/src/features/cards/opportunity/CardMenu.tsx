import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconExternalLink } from "@tabler/icons-react";
import { useLocale, useTranslations } from "use-intl";
import type { Opportunity } from "../../../../../functions/src/domain/cards/opportunity.ts";
import type { WithId } from "../../../lib/firestore/live.ts";
import { useMay, useSession } from "../../../lib/session/session.ts";
import { ExportItems } from "../../../parts/ExportItems.tsx";

/** What else can be done with a card: open it on its own page, download it. */
export function CardMenu({
  opportunity: { id, audience },
}: {
  readonly opportunity: WithId<Opportunity>;
}) {
  const t = useTranslations("opportunity");
  const may = useMay();
  const locale = useLocale();
  const { tenantId } = useSession();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={t("more")}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          component="a"
          href={`/t/${encodeURIComponent(tenantId)}/opportunities/${encodeURIComponent(id)}`}
          leftSection={<IconExternalLink size={14} aria-hidden />}
        >
          {t("openPage")}
        </Menu.Item>
        {may("opportunity.export", audience) && (
          <>
            <Menu.Label>{t("export")}</Menu.Label>
            <ExportItems
              pathOf={(kind) =>
                `/opportunities/${encodeURIComponent(id)}/export.${kind}?lang=${locale}`
              }
              name={`opportunity-${id}`}
            />
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
