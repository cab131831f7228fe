import {
  Badge,
  Button,
  Checkbox,
  Select,
  Text,
  TextInput,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type Ref, useRef, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { useKeys } from "../../../lib/page/keys.ts";
import { useMay } from "../../../lib/session/session.ts";
import { OutsideLink } from "../../../parts/OutsideLink.tsx";
import { Moment } from "../../../parts/Moment.tsx";
import classes from "./Unassigned.module.css";
import { candidatesWithKey, type Unassigned } from "./unassigned.ts";
import type { ResolutionDecision } from "./useUnassigned.ts";
import { notifyFailure } from "../../../parts/notifyFailure.ts";

interface SignalProps {
  readonly signal: Unassigned;
  readonly isChosen: boolean;
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  readonly onChoose: () => void;
  readonly onDecide: (say: ResolutionDecision) => Promise<void>;
}

/** One signal: what it says, which accounts it may be about and why, and the ways to decide. */
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
        <DecisionForms {...props} />
      ) : (
        <Candidates {...props} />
      )}
    </li>
  );
}

/** Which accounts it may be about, for those who only read. */
function Candidates({ signal }: Pick<SignalProps, "signal">) {
  const t = useTranslations("operations");
  const percent = usePercent();
  return (
    <ul className={classes["candidates"]}>
      {signal.candidates.map((one) => (
        <li key={one.accountId}>
          {one.name} <Badge variant="light">{percent(one.confidence)}</Badge>{" "}
          {t(`unassigned.evidence.${one.evidence}`, { found: one.found })}
        </li>
      ))}
    </ul>
  );
}

function DecisionForms({ signal, isChosen, accounts, onDecide }: SignalProps) {
  const { isBusy, send } = useSend(onDecide);
  const [remember, setRemember] = useState(false);
  const reasonField = useRef<HTMLInputElement>(null);
  const { candidates, hint } = signal;
  const assign = (accountId: string) => {
    void send({ kind: "assign", accountId, remember });
  };
  const assignNth = (n: number) => () => {
    const candidate = candidates[n];
    if (candidate !== undefined) assign(candidate.accountId);
  };
  useKeys(
    isChosen
      ? {
          "1": assignNth(0),
          "2": assignNth(1),
          "3": assignNth(2),
          x: () => reasonField.current?.focus(),
        }
      : {},
  );
  return (
    <div className={classes["deciding"]}>
      <AssignButtons
        candidates={candidates}
        isBusy={isBusy}
        onAssign={assign}
      />
      <RememberHint hint={hint} isOn={remember} onChange={setRemember} />
      <AssignOther accounts={accounts} isBusy={isBusy} onAssign={assign} />
      <DismissForm
        field={reasonField}
        isBusy={isBusy}
        onDismiss={(reason) => {
          void send({ kind: "dismiss", reason });
        }}
      />
    </div>
  );
}

/** Sends one decision at a time, and says what became of it. */
function useSend(onDecide: SignalProps["onDecide"]) {
  const t = useTranslations("operations");
  const [isBusy, setBusy] = useState(false);
  const send = async (say: ResolutionDecision) => {
    if (isBusy) return;
    setBusy(true);
    try {
      await onDecide(say);
      notifications.show({ message: t(`unassigned.done.${say.kind}`) });
    } catch (error) {
      setBusy(false);
      notifyFailure(error, t("unassigned.failed"));
    }
  };
  return { isBusy, send };
}

interface AssignProps {
  readonly isBusy: boolean;
  readonly onAssign: (accountId: string) => void;
}

function AssignButtons({
  candidates,
  isBusy,
  onAssign,
}: AssignProps & Pick<Unassigned, "candidates">) {
  const t = useTranslations("operations");
  const percent = usePercent();
  return (
    <ul className={classes["candidates"]}>
      {candidates.map((one, n) => (
        <li key={one.accountId}>
          <Button
            size="xs"
            variant={n === 0 ? "filled" : "default"}
            disabled={isBusy}
            {...(n < candidatesWithKey
              ? { "aria-keyshortcuts": String(n + 1) }
              : {})}
            onClick={() => {
              onAssign(one.accountId);
            }}
          >
            {t("unassigned.assignTo", { name: one.name })}
          </Button>
          <Badge variant="light">{percent(one.confidence)}</Badge>
          <Text span size="xs" c="dimmed">
            {t(`unassigned.evidence.${one.evidence}`, { found: one.found })}
          </Text>
        </li>
      ))}
    </ul>
  );
}

/** Offers to keep the name or domain that spoke for the account. */
function RememberHint({
  hint,
  isOn,
  onChange,
}: Pick<Unassigned, "hint"> & {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}) {
  const t = useTranslations("operations");
  const may = useMay();
  if (hint === null || !may("account.manage")) return null;
  return (
    <Checkbox
      size="xs"
      checked={isOn}
      label={t(`unassigned.remember.${hint.kind}`, { value: hint.value })}
      onChange={(event) => {
        onChange(event.currentTarget.checked);
      }}
    />
  );
}

function AssignOther({
  accounts,
  isBusy,
  onAssign,
}: AssignProps & Pick<SignalProps, "accounts">) {
  const t = useTranslations("operations");
  const [other, setOther] = useState<string | null>(null);
  return (
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
          if (other !== null) onAssign(other);
        }}
      >
        {t("unassigned.assign")}
      </Button>
    </div>
  );
}

function DismissForm({
  field,
  isBusy,
  onDismiss,
}: {
  readonly field: Ref<HTMLInputElement>;
  readonly isBusy: boolean;
  readonly onDismiss: (reason: string) => void;
}) {
  const t = useTranslations("operations");
  const [reason, setReason] = useState("");
  const trimmed = reason.trim();
  return (
    <form
      className={classes["row"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (trimmed !== "") onDismiss(trimmed);
      }}
    >
      <TextInput
        ref={field}
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
        disabled={trimmed === "" || isBusy}
      >
        {t("unassigned.dismiss")}
      </Button>
    </form>
  );
}

/** A confidence as people say one. */
function usePercent(): (confidence: number) => string {
  const format = useFormatter();
  return (confidence) =>
    format.number(confidence, { style: "percent", maximumFractionDigits: 0 });
}
