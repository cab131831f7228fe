import { Center, Loader } from "@mantine/core";
import { type ReactNode, Suspense, useEffect } from "react";
import { useTranslations } from "use-intl";
import * as at from "../../../functions/src/domain/collections.ts";
import { TenantId, Uid } from "../../../functions/src/domain/kernel/ids.ts";
import type { Person } from "../../../functions/src/domain/people/person.ts";
import type { Member } from "../../../functions/src/domain/people/roles.ts";
import type { Tenant } from "../../../functions/src/domain/tenants/tenant.ts";
import type { Firebase } from "../lib/session/firebase.ts";
import type { Identity } from "../lib/session/identity.ts";
import { rememberTenant } from "../lib/session/knownTenants.ts";
import { useOwnDocument } from "../lib/firestore/ownDocument.ts";
import { SessionContext } from "../lib/session/session.ts";
import { chosenTenant, namedTenant } from "./chosenTenant.ts";
import { lazyComponent } from "../lib/page/lazyComponent.ts";

const Outside = lazyComponent(
  () => import("./Outside.tsx"),
  (module) => module.Outside,
);

interface Props {
  readonly identity: Identity;
  readonly firebase: Firebase;
  readonly children: ReactNode;
}

/** Shows the pages to a member of a tenant, with live role and settings; to anybody else their invitations. */
export function SignedIn(props: Props) {
  const { identity, firebase } = props;
  const { tenants, uid } = identity;
  // Needed only with several tenants, where neither the address nor this browser says which.
  const asks = tenants.length > 1 && namedTenant(tenants) === null;
  const person = useOwnDocument<Person>(
    firebase.firestore,
    asks ? at.person(Uid.parse(uid)) : null,
  );
  if (asks && person === undefined) return <Wait />;
  const chosen = chosenTenant(tenants, person?.defaultTenant ?? null);
  if (chosen === null) return <Apart {...props} ended={null} />;
  return <InTenant key={chosen} {...props} tenantId={TenantId.parse(chosen)} />;
}

function InTenant({
  identity,
  firebase,
  tenantId,
  children,
}: Props & { readonly tenantId: TenantId }) {
  const { firestore } = firebase;
  const member = useOwnDocument<Member>(
    firestore,
    at.member(tenantId, Uid.parse(identity.uid)),
  );
  const tenant = useOwnDocument<Tenant>(firestore, at.tenant(tenantId));
  const name = tenant?.name;
  useEffect(() => {
    if (name !== undefined) rememberTenant(tenantId, name);
  }, [tenantId, name]);
  if (member === null || member?.active === false || tenant === null)
    return <Apart identity={identity} firebase={firebase} ended={tenantId} />;
  if (member === undefined || tenant === undefined) return <Wait />;
  return (
    <SessionContext
      value={{
        identity,
        firestore,
        tenantId,
        tenants: identity.tenants,
        tenant,
        member,
        idToken: identity.idToken,
        signOut: identity.signOut,
      }}
    >
      {children}
    </SessionContext>
  );
}

function Apart({
  identity,
  firebase,
  ended,
}: Omit<Props, "children"> & { readonly ended: string | null }) {
  return (
    <Suspense fallback={<Wait />}>
      <Outside
        identity={identity}
        firestore={firebase.firestore}
        ended={ended}
      />
    </Suspense>
  );
}

function Wait() {
  const t = useTranslations("app");
  return (
    <Center h="100%" component="main">
      <Loader aria-label={t("loading")} />
    </Center>
  );
}
