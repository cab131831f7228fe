import { useSession } from "../../lib/session/session.ts";
import { Outside } from "../Outside.tsx";

/** The invitations of somebody who is a member already, of this tenant or of several. */
export function InvitationsPage() {
  const { identity, firestore } = useSession();
  return <Outside identity={identity} firestore={firestore} ended={null} />;
}
