/** What the measurements need besides the course's own guest, in a folder of the cache: made before the first, removed after the last. */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../../grader/machine/cache.ts';
import type { Machine } from '../../../grader/machine/machine.ts';
import { restoreState } from '../../../grader/machine/vm/state.ts';
import type { ReadyVm } from '../../../grader/machine/vm/vm.ts';
import { repository } from '../../support/clone.ts';
import { cpio, padded } from './cpio.ts';
import { makeTree } from './tree.ts';
import { plainInit, type Test, testFiles, testScript, virtmeScript } from './scripts.ts';

export class BenchFolder {
  readonly root = join(cacheFolder(), 'bench-peers');
  readonly files = join(this.root, 'files');
  /** What the test needs of the guest's root file system, as files, for virtme-ng. */
  readonly tree = join(this.root, 'tree');
  readonly virtme = join(this.root, 'virtme.sh');

  /** The initramfs of a plain boot that makes this test. */
  initramfs(test: Test): string {
    return join(this.root, `initramfs-${test}`);
  }

  static async make(vm: ReadyVm, withTree: boolean): Promise<BenchFolder> {
    const folder = new BenchFolder();
    await folder.remove();
    await mkdir(folder.files, { recursive: true });
    const guest = await restoreState(vm.state, vm.kernel, vm.image, vm.accelerator);
    try {
      await folder.#fill(vm, guest);
      if (withTree) {
        await makeTree(folder.tree, vm.image.path, guest);
        await writeFile(folder.virtme, virtmeScript(folder.tree, folder.files));
      }
    } finally {
      await guest.stop();
    }
    return folder;
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }

  async #fill(vm: ReadyVm, guest: Machine): Promise<void> {
    await writeFile(join(this.files, 'test.sh'), testScript);
    const source = join(repository, 'content/exercises/programs/hello/solution/hello.bpf.c');
    await copyFile(source, join(this.files, 'hello.bpf.c'));
    await this.#compile(guest);
    const environment = join(repository, 'environment');
    for (const test of ['object', 'source'] as const) {
      const content = await Promise.all(
        testFiles.map(async (name) => ({
          path: `bench/${name}`,
          content: await readFile(join(this.files, name)),
          mode: 0o644,
        })),
      );
      const more = cpio([
        { path: 'bench-init', content: await plainInit(environment), mode: 0o755 },
        { path: 'bench/which', content: test, mode: 0o644 },
        ...content,
      ]);
      await writeFile(this.initramfs(test), Buffer.concat([padded(await readFile(vm.kernel.files.initramfs)), more]));
    }
  }

  /** In a guest: its kernel's types, and the object. */
  async #compile(guest: Machine): Promise<void> {
    for (const name of ['test.sh', 'hello.bpf.c'])
      await guest.put(`/tmp/${name}`, await readFile(join(this.files, name)));
    const command = 'bpftool btf dump file /sys/kernel/btf/vmlinux format c >/tmp/vmlinux.h && sh /tmp/test.sh source';
    const { code, stderr } = await guest.run(['sh', '-c', command], { timeoutMs: 120_000 });
    if (code !== 0) throw new Error(`The test does not pass in the course's own guest: ${stderr}`);
    for (const [name, most] of [
      ['hello.bpf.o', 2 ** 20],
      ['vmlinux.h', 16 * 2 ** 20],
    ] as const)
      await writeFile(join(this.files, name), await guest.get(`/tmp/${name}`, most));
  }
}
