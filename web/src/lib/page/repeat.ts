import { useEffect } from "react";

/** Acts at once and then every `everyMs`, but only while the page is visible; when it becomes visible again, at once. */
export function useRepeatedly(act: () => void, everyMs: number): void {
  useEffect(() => {
    let last = 0;
    const actIfSeen = () => {
      if (document.visibilityState !== "visible") return;
      if (Date.now() - last < everyMs) return;
      last = Date.now();
      act();
    };
    actIfSeen();
    // More often than it acts: a page that was hidden need not wait for a whole round.
    const ticking = setInterval(actIfSeen, Math.min(everyMs, 1_000));
    document.addEventListener("visibilitychange", actIfSeen);
    return () => {
      clearInterval(ticking);
      document.removeEventListener("visibilitychange", actIfSeen);
    };
  }, [act, everyMs]);
}
