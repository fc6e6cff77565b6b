/** What a machine must have beyond `needs`, looked at before anything of the submission runs there: `given:` in exercise.yaml. */
import type { Check } from '../../course/exercise.ts';
import type { Kit } from '../kit.ts';
import { Unsupported } from '../../verdict/failure.ts';

/** Throws Unsupported with the reason. */
export type Precondition = (kit: Kit) => Promise<void>;

export const preconditions: Readonly<Record<NonNullable<Check['given']>, Precondition>> = {
  /** The kernel may be built with BPF LSM and yet leave it switched off: `lsm=` on its command line decides. */
  async 'bpf-lsm'({ machine }) {
    const { stdout } = await machine.run(['cat', '/sys/kernel/security/lsm']);
    const active = stdout.trim().split(',');
    if (!active.includes('bpf'))
      throw new Unsupported(
        `BPF LSM is not switched on in this kernel (active: ${active.join(', ').slice(0, 200) || 'unknown'}). Add bpf to lsm= on the kernel's command line.`,
      );
  },
};
