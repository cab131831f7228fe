import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { z } from "zod";
import { useApi } from "../../../../lib/api/api.ts";

const Stats = z.object({
  byStatus: z.record(z.string(), z.int()),
  total: z.int(),
});

/** How many cards there are per status and in all; counted again, not often, when the list has changed. */
export function useCounts(
  changed: number,
): Readonly<Record<string, number>> | null {
  const api = useApi();
  const [counts, setCounts] = useState<Readonly<Record<string, number>> | null>(
    null,
  );
  const [settled] = useDebouncedValue(changed, 1_500);
  useEffect(() => {
    const asking = new AbortController();
    api
      .call({ path: "/inbox/stats", answer: Stats, signal: asking.signal })
      .then(
        ({ byStatus, total }) => {
          setCounts({ ...byStatus, all: total });
        },
        // Counts are a courtesy: the list itself says when something is wrong.
        () => undefined,
      );
    return () => {
      asking.abort();
    };
  }, [api, settled]);
  return counts;
}
