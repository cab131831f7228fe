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
import { ErrorAlert } from "../../../parts/ErrorAlert.tsx";
import { MyInvitationRow } from "./MyInvitationRow.tsx";
import classes from "./MyInvitations.module.css";
import { ProveAddress } from "./ProveAddress.tsx";
import { errorMessage } from "../../../lib/errors.ts";

/** What the API message when it refused an answer. */
interface Refusal {
  readonly tenant: string;
  readonly message: string;
}

/** The person's invitations, to accept or to decline; where there are none, what to do about it. */
export function MyInvitations({ identity }: { readonly identity: Identity }) {
  const t = useTranslations("invitations");
  const { live, lookAgain, accept, decline } = useMyInvitations(identity);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const title = useRef<HTMLHeadingElement>(null);
  if (!identity.emailVerified) return <ProveAddress identity={identity} />;

  /** An answer removes the invitation and its buttons, so the focus moves to the title. */
  const attempt = async (
    { tenant }: MyInvitation,
    answer: () => Promise<void>,
  ) => {
    setRefusal(null);
    try {
      await answer();
    } catch (error) {
      const message = errorMessage(error);
      setRefusal({ tenant: tenant.name, message });
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
        <ErrorAlert title={t("failed")} error={live.error} retry={lookAgain} />
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
      {refusal.message}
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
        {t("checkAgain")}
      </Button>
    </Empty>
  );
}
