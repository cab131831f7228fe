import { useState } from "react";
import { toError } from "../../../lib/errors.ts";

/** Does something that ends in closing the dialog it was asked in; where it fails, the dialog stays and says why. */
export function useAttempt(): {
  readonly busy: boolean;
  readonly error: Error | null;
  readonly attempt: (act: () => Promise<void>) => Promise<void>;
} {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  return {
    busy,
    error,
    attempt: async (act) => {
      setBusy(true);
      setError(null);
      try {
        await act();
      } catch (failed) {
        setError(toError(failed));
        setBusy(false);
      }
    },
  };
}
