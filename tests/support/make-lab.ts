/** `npm run lab`: makes the machine of the lab, for tests and for the site. If you run it again, it makes what is missing. */
import { CommandFailure, createContext } from '../../grader/cli/context.ts';
import { labPreparation } from '../../grader/cli/lab.ts';
import { installMissing } from '../../grader/cli/packages.ts';
import { endAllChildren } from '../../grader/machine/child.ts';
import { restoreLab, setUpLab } from '../../grader/machine/lab/set-up.ts';
import { MachineLost, MachineUnavailable } from '../../grader/machine/machine.ts';
import { kernelEntry } from '../../grader/machine/vm/vm.ts';

/** Makes what is missing, and restores the machine once to see that it works. */
async function makeLab(): Promise<void> {
  const context = createContext({ yes: process.argv.includes('--yes') });
  await installMissing(context, 'lab');
  const ready = await setUpLab(await kernelEntry(undefined), labPreparation, context.progress);
  const begin = performance.now();
  const lab = await restoreLab(ready);
  const restored = performance.now();
  const { stdout } = await lab.run(['uname', '-r']);
  await lab.stop();
  context.progress.done(
    `Linux ${stdout.trim()} restored in ${((restored - begin) / 1000).toFixed(1)} s; ${ready.page} has all of it for a page`,
  );
}

try {
  await makeLab();
} catch (error) {
  const isExpected = [CommandFailure, MachineUnavailable, MachineLost].some((kind) => error instanceof kind);
  if (!isExpected) throw error;
  const { message } = error as Error;
  const help = error instanceof MachineUnavailable ? error.remedy : error instanceof MachineLost ? error.console : '';
  process.stderr.write(`\n${[message, help].filter(Boolean).join('\n\n')}\n`);
  process.exitCode = 1;
} finally {
  await endAllChildren();
}
