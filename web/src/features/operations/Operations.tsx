import { Tabs } from "@mantine/core";
import { useTranslations } from "use-intl";
import { useMay } from "../../lib/session/session.ts";
import { HealthLine } from "./HealthLine.tsx";
import { Messages } from "./messages/Messages.tsx";
import classes from "./Operations.module.css";
import { Runs } from "./runs/Runs.tsx";
import { OperationsTab, type TabProps } from "./search.ts";
import { Sources } from "./sources/Sources.tsx";
import { Unassigned } from "./resolution/Unassigned.tsx";
import { Why } from "./traces/Why.tsx";

/** Who may see a tab: the rules show messages, runs and sources only to operations and administrators. */
const needs = {
  messages: "message.read",
  runs: "message.read",
  unassigned: "resolution.read",
  why: "account.read",
  sources: "message.read",
} as const;

const views = {
  messages: Messages,
  runs: Runs,
  unassigned: Unassigned,
  why: Why,
  sources: Sources,
};

/** Whether the pipeline works, and why something was not seen. */
export function Operations({ search, onSearch }: TabProps) {
  const t = useTranslations("operations");
  const may = useMay();
  const tabs = OperationsTab.options.filter((tab) => may(needs[tab]));
  const chosen =
    search.tab !== undefined && tabs.includes(search.tab)
      ? search.tab
      : (tabs[0] ?? "why");
  const View = views[chosen];
  return (
    <div className={classes["page"]}>
      <header className={classes["head"]}>
        <h1>{t("title")}</h1>
        <HealthLine />
      </header>
      <Tabs
        value={chosen}
        keepMounted={false}
        onChange={(value) => {
          onSearch({ tab: OperationsTab.parse(value), message: undefined });
        }}
      >
        <Tabs.List aria-label={t("title")} className={classes["tabs"] ?? ""}>
          {tabs.map((tab) => (
            <Tabs.Tab key={tab} value={tab}>
              {t(`tab.${tab}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={chosen} className={classes["panel"] ?? ""}>
          <View search={search} onSearch={onSearch} />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
