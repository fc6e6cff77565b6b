import type { Kit } from '../kit.ts';

/**
 * Collects once in a grading what several checks judge. The workload then runs once, and all checks speak of the same
 * run; if collecting fails, each of them fails in the same way.
 */
export function evidence<T>(collect: (kit: Kit) => Promise<T>): (kit: Kit) => Promise<T> {
  const collected = new WeakMap<Kit, Promise<T>>();
  return (kit) => {
    let found = collected.get(kit);
    if (!found) collected.set(kit, (found = collect(kit)));
    return found;
  };
}
