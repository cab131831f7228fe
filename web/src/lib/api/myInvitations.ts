import { useCallback, useEffect, useState } from "react";
import { z } from "zod";
import { Role } from "../../../../functions/src/domain/people/roles.ts";
import { ApiProblem, usePersonalApi } from "./api.ts";
import type { Identity } from "../session/identity.ts";
import type { Live } from "../firestore/live.ts";
import { toError } from "../errors.ts";

const MyInvitation = z.object({
  tenant: z.object({ id: z.string(), name: z.string() }),
  invitedBy: z.string(),
  role: Role,
  hasInviter: z.boolean(),
  expiresAt: z.iso.datetime().transform((text) => new Date(text)),
});
export type MyInvitation = z.infer<typeof MyInvitation>;
const List = z.object({ items: z.array(MyInvitation) });
const Tenants = z.object({ tenants: z.array(z.string()) });
const Answered = z.object({});

/** The person's pending invitations, and what they can do with them. An unproven address has none. */
export function useMyInvitations(identity: Identity) {
  const api = usePersonalApi(identity);
  const { live, reload, startOver, remove } = useInvitationList(api, identity);
  /** Whatever the API answers, the list in which the button was pressed is out of date from then on. */
  const answer = async (
    { tenant }: MyInvitation,
    verb: "accept" | "decline",
  ) => {
    const path = `/me/invitations/${encodeURIComponent(tenant.id)}/${verb}`;
    try {
      await api.call({ method: "POST", path, answer: Answered });
    } catch (error) {
      if (error instanceof ApiProblem) reload();
      throw error;
    }
  };
  return {
    live,
    lookAgain: startOver,
    /** Makes the person a member; their token then names the tenant. */
    accept: async (invitation: MyInvitation) => {
      await answer(invitation, "accept");
      await identity.refresh();
    },
    decline: async (invitation: MyInvitation) => {
      await answer(invitation, "decline");
      remove(invitation);
      reload();
    },
  };
}

/** The list, and two ways to read it again: in the background, or from the start. */
function useInvitationList(
  api: PersonalApi,
  { emailVerified, refresh, tenants }: Identity,
) {
  const isNowhere = tenants.length === 0;
  const [live, setLive] = useState<Live<readonly MyInvitation[]>>({
    state: "loading",
  });
  const [version, setVersion] = useState(0);
  useEffect(() => {
    let current = true;
    const load = async () => {
      const { items } = emailVerified
        ? await api.call({ path: "/me/invitations", answer: List })
        : { items: [] };
      // If an acceptance ended half-way, the membership exists and the token does not say so yet.
      if (isNowhere && items.length === 0 && (await mendTenants(api)))
        await refresh();
      return items;
    };
    load().then(
      (value) => {
        if (current) setLive({ state: "ready", value });
      },
      (error: unknown) => {
        if (current) setLive({ state: "failed", error: toError(error) });
      },
    );
    return () => {
      current = false;
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- refresh is a new function with each token; api says when it is another person's.
  }, [api, emailVerified, isNowhere, version]);
  const reload = useCallback(() => {
    setVersion((before) => before + 1);
  }, []);
  const startOver = useCallback(() => {
    setLive({ state: "loading" });
    reload();
  }, [reload]);
  const remove = useCallback((invitation: MyInvitation) => {
    setLive((before) =>
      before.state === "ready"
        ? { ...before, value: before.value.filter((one) => one !== invitation) }
        : before,
    );
  }, []);
  return { live, reload, startOver, remove };
}

type PersonalApi = ReturnType<typeof usePersonalApi>;

async function mendTenants(api: PersonalApi): Promise<boolean> {
  const path = "/me/tenants/refresh";
  const named = await api.call({ method: "POST", path, answer: Tenants });
  return named.tenants.length > 0;
}
