import { useEffect } from "react";

/** A page's main content comes first; what can wait is loaded once it shows, or after this long. */
const patienceMs = 4_000;

let tell: () => void = () => undefined;
const shown = new Promise<void>((resolve) => {
  tell = resolve;
  setTimeout(resolve, patienceMs);
});

/** Says that the page's main content shows. */
export function useFirstContent(isShown: boolean): void {
  useEffect(() => {
    if (isShown) tell();
  }, [isShown]);
}

/** Loads what can wait. */
export async function afterFirstContent<T>(load: () => Promise<T>): Promise<T> {
  await shown;
  return load();
}
