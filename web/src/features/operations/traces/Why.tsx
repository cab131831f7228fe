import { Button, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import type { Live } from "../../../lib/firestore/live.ts";
import { Empty } from "../../../parts/Empty.tsx";
import { ErrorAlert } from "../../../parts/ErrorAlert.tsx";
import { NeverReceived } from "./NeverReceived.tsx";
import type { TabProps } from "../search.ts";
import { Story } from "./Story.tsx";
import { SkeletonRows } from "../SkeletonRows.tsx";
import { toStories, type Traces } from "./traces.ts";
import { useTraces } from "./useTraces.ts";
import classes from "./Why.module.css";

/** "Why didn't I see this?": how far an item came, and what stopped it. */
export function Why({ search, onSearch }: TabProps) {
  const find = search.find ?? null;
  const { traces, again } = useTraces(find);
  return (
    <div className={classes["why"]}>
      <Question
        find={find}
        onAsk={(asked) => {
          if (asked === find) again();
          else onSearch({ find: asked === "" ? undefined : asked });
        }}
      />
      <Answer find={find ?? ""} traces={traces} onRetry={again} />
    </div>
  );
}

function Question({
  find,
  onAsk,
}: {
  readonly find: string | null;
  readonly onAsk: (asked: string) => void;
}) {
  const t = useTranslations("operations");
  const [text, setText] = useState(find ?? "");
  useEffect(() => {
    setText(find ?? "");
  }, [find]);
  return (
    <form
      className={classes["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        onAsk(text.trim());
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
  );
}

function Answer({
  find,
  traces,
  onRetry,
}: {
  readonly find: string;
  readonly traces: Live<Traces> | null;
  readonly onRetry: () => void;
}) {
  const t = useTranslations("operations");
  if (traces === null)
    return (
      <Empty
        icon={<IconSearch size={36} stroke={1.25} aria-hidden />}
        title={t("why.start")}
        text={t("why.startText")}
      />
    );
  if (traces.state === "loading")
    return <SkeletonRows count={1} height={280} gap={0} />;
  if (traces.state === "failed")
    return (
      <ErrorAlert
        title={t("failedToLoad")}
        error={traces.error}
        retry={onRetry}
      />
    );
  const { items, hint } = traces.value;
  if (items.length === 0)
    return <NeverReceived find={find} watchedBy={hint?.watchedBy ?? []} />;
  return toStories(items).map((story) => (
    <Story key={story.id} story={story} />
  ));
}
