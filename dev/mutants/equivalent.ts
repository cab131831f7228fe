const seesAll =
  "Whoever has that role sees everything by the line above already.";
const anError =
  "Where nobody is signed in the next condition is an error, and that denies as well.";

/** Mutants that no answer of Firestore can tell from the rules, by id, each with the reason. One that is killed, or no longer made, fails the run. */
export const equivalent: Readonly<Record<string, string>> = {
  "sees(): ['ACCOUNT_MANAGER'] → ['ACCOUNT_MANAGER', 'ADMIN']": seesAll,
  "sees(): ['ACCOUNT_MANAGER'] → ['ACCOUNT_MANAGER', 'OPERATIONS']": seesAll,
  "sees(): ['ACCOUNT_MANAGER'] → ['ACCOUNT_MANAGER', 'VIEWER']": seesAll,
  "isMember(): request.auth != null → true": anError,
  "isMember(): request.auth != null && tenant in request.auth.token.tenants → tenant in request.auth.token.tenants":
    anError,
  "/members/{uid} allow: list → read":
    "Whoever that lets get a member may by the line above already.",
};
