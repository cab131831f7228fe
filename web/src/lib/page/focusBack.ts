import { useEffect, useState } from "react";

/** For a dialog that is there only while it is open: gives the keyboard back to where it was opened from, if that is still there. */
export function useFocusBack(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    },
    [opener],
  );
}
