/** What a guest of the lab gets ready before its state is saved. */
import { makeBuildFolder } from '../kit/guest/compiler.ts';
import { guestToolkit, guestWork, toolkitAt } from '../kit/guest/toolkit.ts';
import { compilerFolder } from '../machine/lab/recipe.ts';
import type { Machine } from '../machine/machine.ts';
import type { Preparation } from '../machine/vm/state.ts';

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
  "$3/types" index "$3/vmlinux.h" "$3/vmlinux.index"
  ln -s "$3/vmlinux.h" "$3/vmlinux.index" "$1"
  exec >"$2"
  for folder in /usr/sbin /usr/bin; do ls "$folder"; done | sed 's/^/tool /'
  echo config
  cat "/usr/lib/modules/$(uname -r)/config"`;

export const labPreparation: Preparation = {
  version: prepare,
  async prepare(machine: Machine) {
    const { headers, facts } = toolkitAt(guestToolkit);
    const made = await machine.run(['sh', '-c', prepare, 'prepare', headers, facts, compilerFolder], { timeoutMs: 600_000 });
    if (made.code !== 0) throw new Error(`The guest of the lab could not be prepared: ${made.stderr.slice(0, 2000)}`);
    await makeBuildFolder(machine, guestWork);
  },
};
