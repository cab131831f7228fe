import { useEffect, useState } from "react";

/** For a dialog that exists only while it is open: returns the focus to where it was opened from, if that still exists. */
export function useFocusBack(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    },
    [opener],
  );
}
