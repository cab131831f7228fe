import { type ComponentType, lazy, type LazyExoticComponent } from "react";

/** A component of a module that is loaded when it is first rendered. */
export function lazyComponent<M, P extends object>(
  load: () => Promise<M>,
  pick: (module: M) => ComponentType<P>,
): LazyExoticComponent<ComponentType<P>> {
  return lazy(async () => ({ default: pick(await load()) }));
}
