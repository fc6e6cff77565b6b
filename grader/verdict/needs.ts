/** Whether a machine has what an exercise needs. Decided before anything runs. */
import type { Needs } from '../course/exercise.ts';

export interface MachineFacts {
  /** `uname -r` */
  kernel: string;
  /** `uname -m` */
  arch: string;
  /** The kernel's configuration, as in /proc/config.gz; null if the machine does not tell. */
  config: string | null;
  /** The commands that are there. */
  tools: readonly string[];
}

/** One sentence for each thing that is missing; empty if the exercise can be judged. */
export function unmetNeeds(needs: Needs, facts: MachineFacts): string[] {
  const reasons: string[] = [];
  if (olderThan(facts.kernel, needs.kernel)) {
    reasons.push(`It needs Linux ${needs.kernel} or newer; this is ${facts.kernel}.`);
  }
  if (needs.arch && !needs.arch.some((arch) => arch === facts.arch))
    reasons.push(`It is about ${needs.arch.join(' and ')}; this machine is ${facts.arch}.`);
  // An unknown configuration is no reason: what is missing shows itself in the checks.
  if (facts.config !== null) {
    for (const option of needs.config ?? []) {
      if (!enabled(facts.config, option))
        reasons.push(`It needs a kernel with ${option}; this one is built without it.`);
    }
  }
  for (const tool of needs.tools ?? []) {
    if (!facts.tools.includes(tool)) reasons.push(`It needs the command ${tool}, which is not on the machine.`);
  }
  return reasons;
}

/** Compares 'major.minor' at the start of two releases; an unreadable one is not older. */
export function olderThan(release: string, oldest: string): boolean {
  const a = version(release);
  const b = version(oldest);
  if (!a || !b) return false;
  return a[0] !== b[0] ? a[0] < b[0] : a[1] < b[1];
}

function version(release: string): [number, number] | null {
  const match = /^(\d+)\.(\d+)/.exec(release);
  return match ? [Number(match[1]), Number(match[2])] : null;
}

function enabled(config: string, option: string): boolean {
  return config.split('\n').some((line) => line === `${option}=y` || line === `${option}=m`);
}
