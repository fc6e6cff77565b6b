/** `node tests/bench/peers/one.ts boot|restore object|source`: the test once, in a guest of the course that is booted, or restored. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolkitPreparation } from '../../../grader/cli/machines.ts';
import { cacheFolder } from '../../../grader/machine/cache.ts';
import { Guest } from '../../../grader/machine/vm/guest.ts';
import { restoreState } from '../../../grader/machine/vm/state.ts';
import { findVm, kernelEntry } from '../../../grader/machine/vm/vm.ts';
import { type Test, testFiles } from './scripts.ts';

const [how, test] = process.argv.slice(2) as ['boot' | 'restore', Test];
const vm = await findVm(await kernelEntry(undefined), await toolkitPreparation());
if (!vm) throw new Error('This machine is not set up: npx grade setup');
const { kernel, image, accelerator, state } = vm;
const guest =
  how === 'restore'
    ? await restoreState(state, kernel, image, accelerator)
    : await Guest.start(
        { accelerator, files: kernel.files },
        { kernel: kernel.release, arch: 'x86_64', image: image.digest },
      );
try {
  const needed = test === 'object' ? ['test.sh', 'hello.bpf.o'] : testFiles;
  for (const name of needed)
    await guest.put(`/tmp/${name}`, await readFile(join(cacheFolder(), 'bench-peers/files', name)));
  const { stdout, stderr } = await guest.run(['/bin/sh', '/tmp/test.sh', test], { timeoutMs: 120_000 });
  process.stdout.write(stdout + stderr);
} finally {
  await guest.stop();
}
