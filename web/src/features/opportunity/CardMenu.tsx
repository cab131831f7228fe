import { ActionIcon, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import {
  IconDots,
  IconExternalLink,
  IconFileTypePdf,
  IconTable,
} from "@tabler/icons-react";
import { useLocale, useTranslations } from "use-intl";
import type { Opportunity } from "../../../../functions/src/domain/opportunity.ts";
import { useApi } from "../../lib/api.ts";
import type { Found } from "../../lib/live.ts";
import { useMay, useSession } from "../../lib/session.ts";

/** What else can be done with a card: opened on its own page, taken away as a file. */
export function CardMenu({
  opportunity: { id, audience },
}: {
  readonly opportunity: Found<Opportunity>;
}) {
  const t = useTranslations("opportunity");
  const may = useMay();
  const api = useApi();
  const locale = useLocale();
  const { tenantId } = useSession();
  const take = (kind: "csv" | "pdf") => {
    api
      .download(
        `/opportunities/${encodeURIComponent(id)}/export.${kind}?lang=${locale}`,
        `opportunity-${id}.${kind}`,
      )
      .catch((error: unknown) => {
        notifications.show({
          color: "red",
          title: t("exportFailed"),
          message: error instanceof Error ? error.message : String(error),
        });
      });
  };
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
            <Menu.Item
              leftSection={<IconTable size={14} aria-hidden />}
              onClick={() => {
                take("csv");
              }}
            >
              {t("exportCsv")}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconFileTypePdf size={14} aria-hidden />}
              onClick={() => {
                take("pdf");
              }}
            >
              {t("exportPdf")}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
