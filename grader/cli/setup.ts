/** `grade setup`: the image and kernels, ahead of time. */
import { listKernels } from '../machine/vm/kernels.ts';
import { isBuilt, kernelEntry, setUpVm } from '../machine/vm/vm.ts';
import type { Context } from './context.ts';
import { toolkitPreparation } from './machines.ts';
import { installMissing } from './packages.ts';

export async function setup(context: Context, options: { kernel?: string[] }): Promise<number> {
  const wanted: (string | undefined)[] = options.kernel?.flatMap((ids) => ids.split(',')) ?? [undefined];
  const entries = wanted.includes('all') ? (await listKernels()).kernels : await Promise.all(wanted.map(kernelEntry));
  const built = await Promise.all(entries.map(isBuilt));
  await installMissing(context, built.every(Boolean) ? 'run' : 'build');
  const ready = [];
  for (const entry of entries) ready.push(await setUpVm(entry, await toolkitPreparation(), context.progress));
  if (context.json)
    process.stdout.write(
      `${JSON.stringify(ready.map(({ kernel, image, accelerator }) => ({ kernel: kernel.release, image: image.digest, accelerator })))}\n`,
    );
  for (const { kernel, image, accelerator } of ready)
    context.say(`Ready: Linux ${kernel.release} (${accelerator}), image ${image.digest.slice(0, 19)}…`);
  return 0;
}
