/** Does it for every item, in their order, so many at a time. */
export async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  act: (item: T, lane: number) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const lane = async (_: unknown, n: number) => {
    for (const item of left) await act(item, n);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
