import {
  ActionIcon,
  Button,
  Menu,
  Popover,
  Stack,
  TextInput,
} from "@mantine/core";
import { IconBookmarks, IconDownload, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import { useMay } from "../../lib/session.ts";
import { ExportItems } from "../../parts/ExportItems.tsx";
import { InboxSearch } from "./search.ts";
import { useViews } from "./useViews.ts";

interface Props {
  readonly search: InboxSearch;
  readonly onSearch: (change: Partial<InboxSearch>) => void;
}

/** Views that were saved, and files to take away. */
export function InboxTools(props: Props) {
  const may = useMay();
  return (
    <>
      <Views {...props} />
      {may("opportunity.export") && <Exports {...props} />}
    </>
  );
}

function Views({ search, onSearch }: Props) {
  const t = useTranslations("inbox");
  const { views, save } = useViews();
  const [name, setName] = useState("");
  const { card: _, ...shown } = search;
  const add = () => {
    const trimmed = name.trim();
    if (trimmed === "") return;
    setName("");
    void save([
      ...views.filter((view) => view.name !== trimmed),
      { name: trimmed, search: JSON.stringify(shown) },
    ]);
  };
  return (
    <Popover position="bottom-end" width={260} trapFocus>
      <Popover.Target>
        <ActionIcon title={t("views")} variant="subtle" aria-label={t("views")}>
          <IconBookmarks size={18} stroke={1.75} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={4}>
          {views.map((view) => (
            <div key={view.name} style={{ display: "flex", gap: 4 }}>
              <Button
                variant="subtle"
                justify="flex-start"
                flex={1}
                onClick={() => {
                  onSearch({ ...nothing, ...parsedView(view.search) });
                }}
              >
                {view.name}
              </Button>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("forgetView", { name: view.name })}
                onClick={() => {
                  void save(views.filter((other) => other !== view));
                }}
              >
                <IconTrash size={14} aria-hidden />
              </ActionIcon>
            </div>
          ))}
          <form
            onSubmit={(event) => {
              event.preventDefault();
              add();
            }}
          >
            <TextInput
              size="xs"
              label={t("saveView")}
              placeholder={t("viewName")}
              maxLength={60}
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value);
              }}
              rightSectionWidth={60}
              rightSection={
                <Button
                  type="submit"
                  size="compact-xs"
                  disabled={name.trim() === ""}
                >
                  {t("save")}
                </Button>
              }
            />
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

const nothing: InboxSearch = {
  status: undefined,
  q: undefined,
  category: undefined,
  source: undefined,
  account: undefined,
  owner: undefined,
  minScore: undefined,
  since: undefined,
  card: undefined,
};

function parsedView(search: string): InboxSearch {
  const parsed: unknown = JSON.parse(search);
  return InboxSearch.parse(parsed);
}

function Exports({ search }: Props) {
  const t = useTranslations("inbox");
  const locale = useLocale();
  const pathOf = (kind: "csv" | "pdf") => {
    const query = new URLSearchParams({
      status: search.status ?? "in_review",
      lang: locale,
      ...(search.minScore === undefined
        ? {}
        : { min_score: String(search.minScore) }),
    });
    return `/inbox/export.${kind}?${query.toString()}`;
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          title={t("export")}
          variant="subtle"
          aria-label={t("export")}
        >
          <IconDownload size={18} stroke={1.75} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <ExportItems pathOf={pathOf} name="inbox" />
      </Menu.Dropdown>
    </Menu>
  );
}
