/** What a machine must have beyond `needs`, looked at before anything of the submission runs there. */
import type { Check } from '../course/exercise.ts';
import { Unsupported } from './failure.ts';
import type { Kit } from './kit.ts';

/** Throws Unsupported with the reason. */
export type Precondition = (kit: Kit) => Promise<void>;

/** The check, once the machine has what it takes. To be put on an exercise's first check. */
export function given(precondition: Precondition, check: Check): Check {
  return {
    ...check,
    run: async (kit) => {
      await precondition(kit);
      await check.run(kit);
    },
  };
}

/** The kernel may be built with BPF LSM and yet leave it switched off: `lsm=` on its command line decides. */
export const bpfLsm: Precondition = async ({ machine }) => {
  const { stdout } = await machine.run(['cat', '/sys/kernel/security/lsm']);
  const active = stdout.trim().split(',');
  if (!active.includes('bpf'))
    throw new Unsupported(`BPF LSM is not switched on in this kernel (active: ${active.join(', ').slice(0, 200) || 'unknown'}). Add bpf to lsm= on the kernel's command line.`);
};
