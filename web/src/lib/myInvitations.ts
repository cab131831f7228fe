import { useCallback, useEffect, useState } from "react";
import { z } from "zod";
import { Role } from "../../../functions/src/domain/people/roles.ts";
import { ApiProblem, usePersonalApi } from "./api.ts";
import type { Identity } from "./identity.ts";
import type { Live } from "./live.ts";
import { toError } from "./errors.ts";

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

/** The pending invitations of the person, and what they can do with them. An address that is not proven has none. */
export function useMyInvitations(identity: Identity) {
  const api = usePersonalApi(identity);
  const { emailVerified, refresh, tenants } = identity;
  const isNowhere = tenants.length === 0;
  const [live, setLive] = useState<Live<readonly MyInvitation[]>>({
    state: "loading",
  });
  const [version, setVersion] = useState(0);
  useEffect(() => {
    let current = true;
    const look = async () => {
      const { items } = emailVerified
        ? await api.call({ path: "/me/invitations", answer: List })
        : { items: [] };
      // Should an acceptance have ended half-way, the membership is there and the token does not say so yet.
      if (isNowhere && items.length === 0 && (await mendTenants(api)))
        await refresh();
      return items;
    };
    look().then(
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
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- refresh is made anew with each token; api says when it is another person's.
  }, [api, emailVerified, isNowhere, version]);

  const readAnew = useCallback(() => {
    setVersion((before) => before + 1);
  }, []);
  const lookAgain = useCallback(() => {
    setLive({ state: "loading" });
    readAnew();
  }, [readAnew]);
  /** Whatever the API says to it, the list that it was pressed in is old from then on. */
  const answer = async (
    { tenant }: MyInvitation,
    verb: "accept" | "decline",
  ) => {
    const path = `/me/invitations/${encodeURIComponent(tenant.id)}/${verb}`;
    try {
      await api.call({ method: "POST", path, answer: Answered });
    } catch (error) {
      if (error instanceof ApiProblem) readAnew();
      throw error;
    }
  };
  return {
    live,
    lookAgain,
    /** Makes the person a member; their token names the tenant from then on. */
    accept: async (invitation: MyInvitation) => {
      await answer(invitation, "accept");
      await refresh();
    },
    decline: async (invitation: MyInvitation) => {
      await answer(invitation, "decline");
      setLive((before) =>
        before.state === "ready"
          ? {
              ...before,
              value: before.value.filter((one) => one !== invitation),
            }
          : before,
      );
      readAnew();
    },
  };
}

async function mendTenants(
  api: ReturnType<typeof usePersonalApi>,
): Promise<boolean> {
  const path = "/me/tenants/refresh";
  const named = await api.call({ method: "POST", path, answer: Tenants });
  return named.tenants.length > 0;
}
