import { useMoments } from "../lib/language/moments.ts";

/** How long ago or how soon; in full on hover. */
export function Moment({ at }: { readonly at: Date }) {
  const { near, full } = useMoments();
  return (
    <time dateTime={at.toISOString()} title={full(at)}>
      {near(at)}
    </time>
  );
}
