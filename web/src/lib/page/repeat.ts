import { useEffect } from "react";

/** Acts at once, and again each `everyMs`, but only while the page is seen; when it comes to be seen again, at once. */
export function useRepeated(act: () => void, everyMs: number): void {
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
