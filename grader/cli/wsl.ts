/** What a Windows computer's Linux (WSL) has of its own that a learner must know. Pure. */
import type { Finding } from './finding.ts';

export interface WslFacts {
  /** `uname -r`: WSL 2's kernel is '…-microsoft-standard-WSL2', WSL 1 says '4.4.0-…-Microsoft'. */
  kernel: string;
  /** WSL_DISTRO_NAME. */
  distribution: string | undefined;
  /** Where the course is, without links. */
  course: string;
  home: string;
}

/** Nothing on any other Linux. */
export function wslFindings({ kernel, distribution = 'Ubuntu-24.04', course, home }: WslFacts): Finding[] {
  if (!/microsoft/i.test(kernel)) return [];
  if (!/WSL2|microsoft-standard/i.test(kernel))
    return [
      {
        what: 'WSL',
        state: 'broken',
        detail: 'this is WSL 1, which has no Linux kernel',
        remedy: `In PowerShell: wsl --set-version ${distribution} 2`,
      },
    ];
  // By default WSL shows Windows' drives there: slow, and without Linux' permissions.
  if (/^\/mnt\/[a-z](\/|$)/.test(course))
    return [
      {
        what: 'WSL',
        state: 'works',
        detail: `WSL 2; but the course is in ${course}, on a Windows drive, where files are slow and have no permissions of their own`,
        remedy: `Clone it into ${home} instead, and work there`,
      },
    ];
  return [{ what: 'WSL', state: 'works', detail: 'WSL 2' }];
}
