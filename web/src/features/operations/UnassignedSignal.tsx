import {
  Badge,
  Button,
  Checkbox,
  Select,
  Text,
  TextInput,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useRef, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { useKeys } from "../../lib/keys.ts";
import { useMay } from "../../lib/session.ts";
import { OutsideLink } from "../../parts/OutsideLink.tsx";
import { Moment } from "../../parts/Moment.tsx";
import classes from "./Unassigned.module.css";
import { keyed, type Unassigned } from "./unassigned.ts";
import type { Say } from "./useUnassigned.ts";
import { notifyFailure } from "../../parts/notifyFailure.ts";

interface SignalProps {
  readonly signal: Unassigned;
  readonly isChosen: boolean;
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  readonly onChoose: () => void;
  readonly onDecide: (say: Say) => Promise<void>;
}

/** One signal: what it says, whose it may be and why, and the ways to decide. */
export function UnassignedSignal(props: SignalProps) {
  const { signal, isChosen, onChoose } = props;
  const t = useTranslations("operations");
  const source = useTranslations("source");
  const may = useMay();
  const { item, title, excerpt, receivedAt } = signal;
  return (
    <li
      className={classes["signal"]}
      tabIndex={-1}
      data-chosen={isChosen || undefined}
      aria-current={isChosen || undefined}
      onFocus={onChoose}
    >
      <h2 className={classes["title"]}>
        {item.url === null || !/^https?:/i.test(item.url) ? (
          title || t("untitled")
        ) : (
          <OutsideLink href={item.url}>{title || t("untitled")}</OutsideLink>
        )}
      </h2>
      <p className={classes["meta"]}>
        <span>{source(item.source)}</span>
        {item.publisher !== "" && <span>{item.publisher}</span>}
        <Moment at={receivedAt} />
      </p>
      <p className={classes["excerpt"]}>{excerpt}</p>
      {may("resolution.work") ? (
        <Deciding {...props} />
      ) : (
        <Guesses {...props} />
      )}
    </li>
  );
}

/** Whose it may be, for those who only read. */
function Guesses({ signal }: Pick<SignalProps, "signal">) {
  const t = useTranslations("operations");
  const sure = useSure();
  return (
    <ul className={classes["guesses"]}>
      {signal.candidates.map((one) => (
        <li key={one.accountId}>
          {one.name} <Badge variant="light">{sure(one.confidence)}</Badge>{" "}
          {t(`unassigned.ground.${one.ground}`, { found: one.found })}
        </li>
      ))}
    </ul>
  );
}

function Deciding({ signal, isChosen, accounts, onDecide }: SignalProps) {
  const t = useTranslations("operations");
  const may = useMay();
  const sure = useSure();
  const [isBusy, setBusy] = useState(false);
  const [remember, setRemember] = useState(false);
  const [other, setOther] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const why = useRef<HTMLInputElement>(null);
  const { candidates, hint } = signal;
  const say = async (what: Say) => {
    if (isBusy) return;
    setBusy(true);
    try {
      await onDecide(what);
      notifications.show({ message: t(`unassigned.done.${what.kind}`) });
    } catch (error) {
      setBusy(false);
      notifyFailure(error, t("unassigned.failed"));
    }
  };
  const assign = (accountId: string) =>
    say({ kind: "assign", accountId, remember });
  const nth = (n: number) => () => {
    const one = isChosen ? candidates[n] : undefined;
    if (one !== undefined) void assign(one.accountId);
  };
  useKeys(
    isChosen
      ? {
          "1": nth(0),
          "2": nth(1),
          "3": nth(2),
          x: () => why.current?.focus(),
        }
      : {},
  );
  return (
    <div className={classes["deciding"]}>
      <ul className={classes["guesses"]}>
        {candidates.map((one, n) => (
          <li key={one.accountId}>
            <Button
              size="xs"
              variant={n === 0 ? "filled" : "default"}
              disabled={isBusy}
              {...(n < keyed ? { "aria-keyshortcuts": String(n + 1) } : {})}
              onClick={() => void assign(one.accountId)}
            >
              {t("unassigned.assignTo", { name: one.name })}
            </Button>
            <Badge variant="light">{sure(one.confidence)}</Badge>
            <Text span size="xs" c="dimmed">
              {t(`unassigned.ground.${one.ground}`, { found: one.found })}
            </Text>
          </li>
        ))}
      </ul>
      {hint !== null && may("account.manage") && (
        <Checkbox
          size="xs"
          checked={remember}
          label={t(`unassigned.remember.${hint.kind}`, { value: hint.value })}
          onChange={(event) => {
            setRemember(event.currentTarget.checked);
          }}
        />
      )}
      <div className={classes["row"]}>
        <Select
          size="xs"
          searchable
          aria-label={t("unassigned.another")}
          placeholder={t("unassigned.another")}
          nothingFoundMessage={t("noneOfThese")}
          data={accounts.map(({ id, name }) => ({ value: id, label: name }))}
          value={other}
          onChange={setOther}
        />
        <Button
          size="xs"
          variant="default"
          disabled={other === null || isBusy}
          onClick={() => {
            if (other !== null) void assign(other);
          }}
        >
          {t("unassigned.assign")}
        </Button>
      </div>
      <form
        className={classes["row"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() !== "")
            void say({ kind: "dismiss", reason: reason.trim() });
        }}
      >
        <TextInput
          ref={why}
          size="xs"
          maxLength={500}
          aria-label={t("unassigned.reason")}
          aria-keyshortcuts="x"
          placeholder={t("unassigned.reason")}
          value={reason}
          onChange={(event) => {
            setReason(event.currentTarget.value);
          }}
        />
        <Button
          type="submit"
          size="xs"
          variant="default"
          disabled={reason.trim() === "" || isBusy}
        >
          {t("unassigned.dismiss")}
        </Button>
      </form>
    </div>
  );
}

/** A confidence as people say one. */
function useSure(): (confidence: number) => string {
  const format = useFormatter();
  return (confidence) =>
    format.number(confidence, { style: "percent", maximumFractionDigits: 0 });
}
