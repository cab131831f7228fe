import { useEffect, useRef } from "react";

/** What each key does, by the name that the browser gives it. */
export type Keys = Readonly<Record<string, () => void>>;

/** Binds keys, except while a field has the focus or a dialog is open. */
export function useKeys(keys: Keys): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTaken(event.target)) return;
      // Enter on a button or a link activates it.
      if (event.key === "Enter" && isControl(event.target)) return;
      // A Ukrainian keyboard has other letters in the same places.
      const latin = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase();
      const act =
        current.current[event.key] ??
        (latin === undefined || event.shiftKey
          ? undefined
          : current.current[latin]);
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
    };
  }, []);
}

function isControl(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest("button, a[href]") !== null
  );
}

function isTaken(target: EventTarget | null): boolean {
  if (document.querySelector("[role=dialog], [role=menu]") !== null)
    return true;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest("input:not([type=checkbox]), textarea, select") !== null)
  );
}
