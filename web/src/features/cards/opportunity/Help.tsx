import { List, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import type { Card } from "../../../../../functions/src/domain/cards/opportunity.ts";
import { OutsideLink } from "../../../parts/OutsideLink.tsx";
import { Panel } from "../../../parts/Panel.tsx";

/** The playbook and the assets that match, where any do. */
export function Help({ card }: { readonly card: Card }) {
  const t = useTranslations("opportunity");
  const { playbook, assets } = card;
  return (
    <>
      {playbook !== null && (
        <Panel level={3} title={t("playbook")}>
          <Text fw={550} size="sm">
            {playbook.title}
          </Text>
          <Text size="sm">{playbook.action}</Text>
        </Panel>
      )}
      {assets.length > 0 && (
        <Panel level={3} title={t("assets")}>
          <List size="sm">
            {assets.map(({ id, title, url }) => (
              <List.Item key={id}>
                {/^https?:/.test(url) ? (
                  <OutsideLink size="sm" href={url}>
                    {title}
                  </OutsideLink>
                ) : (
                  title
                )}
              </List.Item>
            ))}
          </List>
        </Panel>
      )}
    </>
  );
}
