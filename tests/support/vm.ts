/** Real guests for the kernel tests. */
import type { Guest } from '../../grader/machine/vm/guest.ts';
import { silent } from '../../grader/machine/progress.ts';
import { kernelEntry, startVm } from '../../grader/machine/vm/vm.ts';
import { toolkitPreparation } from '../../grader/cli/machines.ts';

export async function startGuest(kernel?: string): Promise<Guest> {
  return (await startVm(await kernelEntry(kernel), await toolkitPreparation(), silent)) as Guest;
}
