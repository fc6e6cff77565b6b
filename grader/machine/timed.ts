/** HOOKPOINT_TIMES=1: says on standard error when each command to a machine began and how long it took, to see where a verdict's time goes. */
import type { Machine } from './machine.ts';

export const wantsTimes = () => Boolean(process.env.HOOKPOINT_TIMES);

const begun = performance.now();

/** A line: milliseconds since the command's start, those that it took, what. */
export function sayTime(what: string, from: number): void {
  const now = performance.now();
  process.stderr.write(
    `${(from - begun).toFixed(0).padStart(7)} ms  ${(now - from).toFixed(0).padStart(6)} ms  ${what}\n`,
  );
}

/** The same machine, which says how long what is asked of it takes. */
export function timed<M extends Machine>(machine: M): M {
  return new Proxy(machine, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const from = performance.now();
        const came: unknown = value.apply(target, args);
        const about = Array.isArray(args[0]) ? args[0].join(' ') : String(args[0] ?? '');
        const what = `${String(name)} ${about}`.replaceAll(/\s+/g, ' ').slice(0, 120);
        if (came instanceof Promise) void came.catch(() => {}).then(() => sayTime(what, from));
        else sayTime(`${what} …`, from);
        return came;
      };
    },
  });
}
