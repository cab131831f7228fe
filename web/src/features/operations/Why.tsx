import { Button, Skeleton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { Empty } from "../../parts/Empty.tsx";
import { Trouble } from "../../parts/Trouble.tsx";
import { NeverReceived } from "./NeverReceived.tsx";
import type { TabProps } from "./search.ts";
import { Story } from "./Story.tsx";
import { storiesOf } from "./traces.ts";
import { useTraces } from "./useTraces.ts";
import classes from "./Why.module.css";

/** "Why didn't I see this?": how far an item came, and what stopped it. */
export function Why({ search, onSearch }: TabProps) {
  const t = useTranslations("operations");
  const app = useTranslations("app");
  const find = search.find ?? null;
  const [text, setText] = useState(find ?? "");
  useEffect(() => {
    setText(find ?? "");
  }, [find]);
  const { traces, again } = useTraces(find);
  return (
    <div className={classes["why"]}>
      <form
        className={classes["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          const asked = text.trim();
          if (asked === find) again();
          else onSearch({ find: asked === "" ? undefined : asked });
        }}
      >
        <TextInput
          className={classes["input"] ?? ""}
          label={t("why.label")}
          description={t("why.hint")}
          placeholder="https://"
          maxLength={2000}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
          }}
        />
        <Button type="submit" size="sm" disabled={text.trim() === ""}>
          {t("why.submit")}
        </Button>
      </form>
      {traces === null && (
        <Empty
          icon={<IconSearch size={36} stroke={1.25} aria-hidden />}
          title={t("why.start")}
          text={t("why.startText")}
        />
      )}
      {traces?.state === "loading" && (
        <div role="status" aria-label={app("loading")}>
          <Skeleton h={280} />
        </div>
      )}
      {traces?.state === "failed" && (
        <Trouble title={t("failedToLoad")} error={traces.error} retry={again} />
      )}
      {traces?.state === "ready" &&
        (traces.value.items.length === 0 ? (
          <NeverReceived
            find={find ?? ""}
            watchedBy={traces.value.hint?.watchedBy ?? []}
          />
        ) : (
          storiesOf(traces.value.items).map((story) => (
            <Story key={story.id} story={story} />
          ))
        ))}
    </div>
  );
}
