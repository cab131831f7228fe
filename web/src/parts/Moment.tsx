import { Tooltip } from "@mantine/core";
import { useMoments } from "../lib/moments.ts";

/** How long ago or how soon; in full for whoever points at it. */
export function Moment({ at }: { readonly at: Date }) {
  const { near, full } = useMoments();
  return (
    <Tooltip label={full(at)}>
      <time dateTime={at.toISOString()}>{near(at)}</time>
    </Tooltip>
  );
}
