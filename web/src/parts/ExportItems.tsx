import { Menu } from "@mantine/core";
import { IconFileTypePdf, IconTable } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import { useApi } from "../lib/api/api.ts";
import { notifyFailure } from "./notifyFailure.ts";

const kinds = [
  { kind: "csv", text: "exportCsv", icon: IconTable },
  { kind: "pdf", text: "exportPdf", icon: IconFileTypePdf },
] as const;

/** The menu items that download a table or a document; a refusal is shown. */
export function ExportItems({
  pathOf,
  name,
}: {
  /** Where the API makes the file of that kind. */
  readonly pathOf: (kind: "csv" | "pdf") => string;
  /** The file's, without its ending. */
  readonly name: string;
}) {
  const t = useTranslations("parts");
  const api = useApi();
  const take = (kind: "csv" | "pdf") => {
    api.download(pathOf(kind), `${name}.${kind}`).catch((error: unknown) => {
      notifyFailure(error, t("exportFailed"));
    });
  };
  return kinds.map(({ kind, text, icon: Icon }) => (
    <Menu.Item
      key={kind}
      leftSection={<Icon size={14} aria-hidden />}
      onClick={() => {
        take(kind);
      }}
    >
      {t(text)}
    </Menu.Item>
  ));
}
