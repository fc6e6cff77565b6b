/** `npm run lab`: makes the machine of the lab, for tests and for the site. Run again, it makes what is missing. */
import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import { makeBuildFolder } from '../kit/guest/compiler.ts';
import { guestToolkit, guestWork, toolkitAt } from '../kit/guest/toolkit.ts';
import { endAllChildren } from '../machine/child.ts';
import { restoreLab, setUpLab } from '../machine/lab/set-up.ts';
import { type Machine, MachineLost, MachineUnavailable } from '../machine/machine.ts';
import type { Preparation } from '../machine/vm/state.ts';
import { kernelEntry } from '../machine/vm/vm.ts';
import { createProgress } from '../report/progress-line.ts';

/**
 * What a guest of the lab has in memory before its state is saved. Its tools were compiled with its root (environment/lab/collect.sh), so
 * that only what the running kernel alone knows is left.
 */
const prepare = `
  set -e
  mkdir -p "$1"
  bpftool btf dump file /sys/kernel/btf/vmlinux format c >"$1/vmlinux.h"
  exec >"$2"
  for folder in /usr/sbin /usr/bin; do ls "$folder"; done | sed 's/^/tool /'
  echo config
  cat "/usr/lib/modules/$(uname -r)/config"`;

export const labPreparation: Preparation = {
  version: prepare,
  async prepare(machine: Machine) {
    const { headers, facts } = toolkitAt(guestToolkit);
    const made = await machine.run(['sh', '-c', prepare, 'prepare', headers, facts], { timeoutMs: 600_000 });
    if (made.code !== 0) throw new Error(`The guest of the lab could not be prepared: ${made.stderr.slice(0, 2000)}`);
    await makeBuildFolder(machine, guestWork);
  },
};

/** Makes what is missing, and starts the machine once to see that it does. */
async function makeLab(): Promise<void> {
  const screen = process.stderr;
  const progress = createProgress(screen, { tty: screen.isTTY === true, quiet: false });
  const ready = await setUpLab(await kernelEntry(undefined), labPreparation, progress);
  const begin = performance.now();
  const lab = await restoreLab(ready);
  const restored = performance.now();
  const { stdout } = await lab.run(['uname', '-r']);
  await lab.stop();
  const sizes = await Promise.all(
    [join(ready.emulator, 'emulator.wasm'), join(ready.state, 'state.gz')].map(async (file) => (await stat(file)).size),
  );
  const [wasm, state] = sizes.map((bytes) => `${(bytes / 1e6).toFixed(1)} MB`);
  progress.done(
    `Linux ${stdout.trim()} restored in ${((restored - begin) / 1000).toFixed(1)} s; emulator ${wasm}, state ${state} compressed`,
  );
}

if (process.argv[1] === import.meta.filename)
  try {
    await makeLab();
  } catch (error) {
    if (!(error instanceof MachineUnavailable || error instanceof MachineLost)) throw error;
    const help = error instanceof MachineUnavailable ? error.remedy : error.console;
    process.stderr.write(`\n${error.message}\n\n${help}\n`);
    process.exitCode = 1;
  } finally {
    await endAllChildren();
  }
