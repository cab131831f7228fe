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
import { useMay } from "../../../../lib/session/session.ts";
import { ExportItems } from "../../../../parts/ExportItems.tsx";
import { noFilters } from "../filters.ts";
import { InboxSearch } from "../search.ts";
import { useViews } from "./useViews.ts";

interface Props {
  readonly search: InboxSearch;
  readonly onSearch: (change: Partial<InboxSearch>) => void;
}

/** Saved views, and files to download. */
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
  const { card: _, ...shown } = search;
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
            <SavedView
              key={view.name}
              name={view.name}
              onOpen={() => {
                onSearch({ ...nothing, ...parseView(view.search) });
              }}
              onForget={() => {
                void save(views.filter((other) => other !== view));
              }}
            />
          ))}
          <SaveViewForm
            onSave={(name) => {
              void save([
                ...views.filter((view) => view.name !== name),
                { name, search: JSON.stringify(shown) },
              ]);
            }}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function SavedView({
  name,
  onOpen,
  onForget,
}: {
  readonly name: string;
  readonly onOpen: () => void;
  readonly onForget: () => void;
}) {
  const t = useTranslations("inbox");
  return (
    <div style={{ display: "flex", gap: 4 }}>
      <Button variant="subtle" justify="flex-start" flex={1} onClick={onOpen}>
        {name}
      </Button>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t("forgetView", { name })}
        onClick={onForget}
      >
        <IconTrash size={14} aria-hidden />
      </ActionIcon>
    </div>
  );
}

function SaveViewForm({ onSave }: { readonly onSave: (name: string) => void }) {
  const t = useTranslations("inbox");
  const [name, setName] = useState("");
  const trimmed = name.trim();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (trimmed === "") return;
        setName("");
        onSave(trimmed);
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
          <Button type="submit" size="compact-xs" disabled={trimmed === ""}>
            {t("save")}
          </Button>
        }
      />
    </form>
  );
}

const nothing: InboxSearch = {
  ...noFilters,
  status: undefined,
  card: undefined,
};

function parseView(search: string): InboxSearch {
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
