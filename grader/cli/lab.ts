/** What a guest of the lab gets ready before its state is saved. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compile, makeBuildFolder } from '../kit/guest/compiler.ts';
import { guestToolkit, guestWork, toolkitAt } from '../kit/guest/toolkit.ts';
import { compilerFolder } from '../machine/lab/recipe.ts';
import type { Machine } from '../machine/machine.ts';
import { findLab, type LabPreparation } from '../machine/lab/set-up.ts';
import { kernelEntry } from '../machine/vm/vm.ts';

/**
 * What a guest of the lab has in memory before its state is saved. Its tools were compiled with its root (environment/lab/collect.sh), so
 * that only what the running kernel alone knows is left.
 */
const prepare = String.raw`
  set -e
  mkdir -p "$1"
  # For gcc each type says itself that its fields move from kernel to kernel; clang is told once, by a pragma that gcc does not know.
  bpftool btf dump file /sys/kernel/btf/vmlinux format c | sed -E '
    /^(struct|union) [A-Za-z0-9_]+ \{$/,/^\}( __attribute__\(\(packed\)\))?;$/ {
      s/^\};$/} __attribute__((preserve_access_index));/
      s/^\} __attribute__\(\(packed\)\);$/} __attribute__((packed, preserve_access_index));/
    }' >"$3/vmlinux.h"
  /usr/lib/hookpoint/types index "$3/vmlinux.h" "$3/vmlinux.index"
  ln -s "$3/vmlinux.h" "$3/vmlinux.index" "$1"
  exec >"$2"
  for folder in /usr/sbin /usr/bin; do ls "$folder"; done | sed 's/^/tool /'
  echo config
  cat "/usr/lib/modules/$(uname -r)/config"`;

/** Programs of the site's home page, which loads them before a compiler was downloaded. In the guest all have the name of what a reader edits. */
const homeFolder = join(import.meta.dirname, '../../site/lab/home');
const homePrograms = ['fires', 'refused'];
const homeName = 'hello.bpf.c';

export const labPreparation: LabPreparation = {
  version: prepare,
  async prepare(machine: Machine) {
    const { headers, facts } = toolkitAt(guestToolkit);
    const made = await machine.run(['sh', '-c', prepare, 'prepare', headers, facts, compilerFolder], {
      timeoutMs: 600_000,
    });
    if (made.code !== 0) throw new Error(`The guest of the lab could not be prepared: ${made.stderr.slice(0, 2000)}`);
    await makeBuildFolder(machine, guestWork);
  },
  objects: {
    sources: async () =>
      Object.fromEntries(
        await Promise.all(
          homePrograms.map(async (name) => [
            `home-${name}.o`,
            await readFile(join(homeFolder, `${name}.bpf.c`), 'utf8'),
          ]),
        ),
      ),
    async compile(machine, source) {
      const object = `/tmp/${homeName}.o`;
      await machine.put(`${guestWork}/home/${homeName}`, source);
      const made = await compile(machine, toolkitAt(guestToolkit), `${guestWork}/home`, homeName, object);
      if (made.code !== 0)
        throw new Error(`A program of the home page does not compile: ${made.stderr.slice(0, 2000)}`);
      return machine.get(object);
    },
  },
};

/** The folder with what a page downloads (grader/machine/lab/page-files.ts); undefined before `npm run lab` has made it. */
export async function findLabForPage(): Promise<string | undefined> {
  return (await findLab(await kernelEntry(undefined), labPreparation))?.page;
}
