/** Less than this is lost in what else a process does. */
const floorMs = 30;

/**
 * How many times as much CPU time `work` takes at four times the size: about 4 where it is linear, 16 where it is
 * quadratic. CPU time, and the best of three, so that a busy machine changes nothing.
 */
export function growth(work: (size: number) => void, size: number): number {
  const best = (of: number) =>
    Math.max(floorMs, Math.min(...[0, 1, 2].map(() => cpuMs(() => work(of)))));
  return best(4 * size) / best(size);
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
