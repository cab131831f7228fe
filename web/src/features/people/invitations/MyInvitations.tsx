import { Alert, Button, Loader } from "@mantine/core";
import { IconMailOff } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import type { Identity } from "../../../lib/session/identity.ts";
import {
  type MyInvitation,
  useMyInvitations,
} from "../../../lib/api/myInvitations.ts";
import { Empty } from "../../../parts/Empty.tsx";
import { Trouble } from "../../../parts/Trouble.tsx";
import { MyInvitationRow } from "./MyInvitationRow.tsx";
import classes from "./MyInvitations.module.css";
import { ProveAddress } from "./ProveAddress.tsx";
import { errorMessage } from "../../../lib/errors.ts";

/** What the API said to an answer that it did not take. */
interface Refusal {
  readonly tenant: string;
  readonly said: string;
}

/** The invitations of the person at the screen: to accept, to decline, or none, and then what to do about it. */
export function MyInvitations({ identity }: { readonly identity: Identity }) {
  const t = useTranslations("invitations");
  const { live, lookAgain, accept, decline } = useMyInvitations(identity);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const title = useRef<HTMLHeadingElement>(null);
  if (!identity.emailVerified) return <ProveAddress identity={identity} />;

  /** Where the answer takes the invitation away, and its buttons with it, the keyboard goes on from the title. */
  const attempt = async (
    { tenant }: MyInvitation,
    answer: () => Promise<void>,
  ) => {
    setRefusal(null);
    try {
      await answer();
    } catch (error) {
      const said = errorMessage(error);
      setRefusal({ tenant: tenant.name, said });
    }
    title.current?.focus();
  };
  const join = async (invitation: MyInvitation) => {
    await accept(invitation);
    const id = encodeURIComponent(invitation.tenant.id);
    location.assign(`/t/${id}/inbox`);
  };
  return (
    <section aria-labelledby="my-invitations">
      <h1
        id="my-invitations"
        className={classes["title"]}
        ref={title}
        tabIndex={-1}
      >
        {t("title")}
      </h1>
      {refusal !== null && <RefusalAlert refusal={refusal} />}
      {live.state === "loading" && <Loader aria-label={t("loading")} />}
      {live.state === "failed" && (
        <Trouble title={t("failed")} error={live.error} retry={lookAgain} />
      )}
      {live.state === "ready" &&
        (live.value.length === 0 ? (
          <NoInvitation identity={identity} onLookAgain={lookAgain} />
        ) : (
          <ul className={classes["list"]}>
            {live.value.map((invitation) => (
              <MyInvitationRow
                key={invitation.tenant.id}
                invitation={invitation}
                onAccept={() => attempt(invitation, () => join(invitation))}
                onDecline={() => attempt(invitation, () => decline(invitation))}
              />
            ))}
          </ul>
        ))}
    </section>
  );
}

function RefusalAlert({ refusal }: { readonly refusal: Refusal }) {
  return (
    <Alert
      color="red"
      role="alert"
      title={refusal.tenant}
      className={classes["refusal"] ?? ""}
    >
      {refusal.said}
    </Alert>
  );
}

function NoInvitation({
  identity: { email, tenants },
  onLookAgain,
}: {
  readonly identity: Identity;
  readonly onLookAgain: () => void;
}) {
  const t = useTranslations("invitations");
  return (
    <Empty
      icon={<IconMailOff size={28} aria-hidden />}
      title={t("noneTitle")}
      text={t(tenants.length === 0 ? "noneText" : "noMoreText", { email })}
    >
      <Button variant="default" onClick={onLookAgain}>
        {t("lookAgain")}
      </Button>
    </Empty>
  );
}
