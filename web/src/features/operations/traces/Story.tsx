import {
  IconCheck,
  IconCircleDashed,
  IconExternalLink,
  IconHourglass,
  IconX,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { useSession } from "../../../lib/session/session.ts";
import { AccountName } from "../../../parts/AccountName.tsx";
import { Moment } from "../../../parts/Moment.tsx";
import { StatusBadge } from "../../../parts/StatusBadge.tsx";
import { Stopped } from "./Stopped.tsx";
import classes from "./Story.module.css";
import type { Step, Story as ItemStory } from "./traces.ts";

const icons = {
  passed: IconCheck,
  stopped: IconX,
  waiting: IconHourglass,
  ahead: IconCircleDashed,
} as const;

/** The way of one item, stage by stage, to where it stopped. */
export function Story({ story }: { readonly story: ItemStory }) {
  const t = useTranslations("operations");
  const { title, url, at, accountId, steps, repeats } = story;
  return (
    <article className={classes["story"]}>
      <header>
        <h2 className={classes["title"]}>
          {url === null ? (
            title
          ) : (
            <a
              href={url}
              target="_blank"
              rel="noopener noreferrer"
              className={classes["link"]}
            >
              {title || url}{" "}
              <IconExternalLink
                size={13}
                role="img"
                aria-label={t("why.opensSource")}
              />
            </a>
          )}
        </h2>
        <p className={classes["meta"]}>
          <AccountName id={accountId} /> <Moment at={at} />{" "}
          {repeats > 0 && t("why.repeats", { count: repeats })}
        </p>
      </header>
      <ol className={classes["steps"]}>
        {steps.map((step) => (
          <StepLine key={step.name} step={step} story={story} />
        ))}
      </ol>
    </article>
  );
}

function StepLine({
  step,
  story,
}: {
  readonly step: Step;
  readonly story: ItemStory;
}) {
  const t = useTranslations("operations");
  const { name, state, decision } = step;
  const Icon = icons[state];
  return (
    <li className={classes["step"]} data-state={state}>
      <span className={classes["mark"]}>
        <Icon size={13} stroke={2.25} aria-hidden />
      </span>
      <div className={classes["detail"]}>
        <div className={classes["name"]}>
          {t(`step.${name}`)}{" "}
          <span className={classes["state"]}>{t(`stepState.${state}`)}</span>
        </div>
        {decision !== null && (
          <Stopped decision={decision} accountId={story.accountId} />
        )}
        {decision === null && state === "waiting" && (
          <p className={classes["text"]}>{t(`waitsAt.${waitKey(name)}`)}</p>
        )}
        {decision === null && state === "stopped" && (
          <p className={classes["text"]}>{t("why.noRecord")}</p>
        )}
        {name === "relevant" && state === "passed" && story.signal !== null && (
          <p className={classes["text"]}>
            {t("why.relevance", { measured: story.signal.relevance })}
          </p>
        )}
        {name === "card" && state === "passed" && <Cards story={story} />}
      </div>
    </li>
  );
}

function waitKey(name: Step["name"]): "relevant" | "intent" | "card" {
  return name === "intent" || name === "card" ? name : "relevant";
}

function Cards({ story }: { readonly story: ItemStory }) {
  const t = useTranslations("operations");
  const { tenantId } = useSession();
  const cards = story.signal?.cards ?? [];
  return (
    <ul className={classes["cards"]}>
      {cards.map(({ id, status }) => (
        <li key={id}>
          <Link
            to="/t/$tenant/opportunities/$id"
            params={{ tenant: tenantId, id }}
            className={classes["link"]}
          >
            {t("why.openCard")}
          </Link>{" "}
          <StatusBadge status={status} />
        </li>
      ))}
    </ul>
  );
}
