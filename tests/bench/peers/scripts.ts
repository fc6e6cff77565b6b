/** The test itself, the same for everybody, and what leads to it in each kind of guest. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** 'object': load it and see it fire. 'source': compile it in the guest first. */
export type Test = 'object' | 'source';

export const fired = 'It has fired.';

/** Runs in /tmp of a guest, where the program is: as a source with the kernel's types, and as an object. */
export const testScript = `set -e
cd /tmp
if [ "$1" = source ]; then
  clang -g -O2 -target bpf -D__TARGET_ARCH_x86 -I. -c hello.bpf.c -o hello.bpf.o
fi
bpftool prog load hello.bpf.o /sys/fs/bpf/hello autoattach
/bin/true
grep -q 'Hello, BPF World!' /sys/kernel/tracing/trace
echo '${fired}'
`;

export const testFiles = ['test.sh', 'hello.bpf.c', 'hello.bpf.o', 'vmlinux.h'];

/**
 * Process 1 of a plain boot: mounts what the course's own does (environment/guest/init), and runs the test in place of the agent. The files are in
 * the initramfs, in /bench.
 */
export async function plainInit(environment: string): Promise<string> {
  const init = await readFile(join(environment, 'guest/init'), 'utf8');
  const agent = init.indexOf('\n# Devices come up on their own time: wait for the port by name.');
  if (agent === -1) throw new Error('environment/guest/init has another end than plainInit expects.');
  return `${init.slice(0, agent)}
cp /bench/* tmp
cat >tmp/run.sh <<'end'
/bin/sh /tmp/test.sh "$(cat /tmp/which)"
busybox poweroff -f
end
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin
exec /bin/switch_root /merged /bin/sh /tmp/run.sh
`;
}

/** In virtme-ng's guest, whose root is this computer's: the test, in the same root file system that the others boot. */
export function virtmeScript(tree: string, files: string): string {
  return `set -e
mount -t tmpfs tmpfs ${quoted(`${tree}/tmp`)}
cp ${quoted(files)}/* ${quoted(`${tree}/tmp`)}
mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
for folder in dev proc sys; do mount --rbind /$folder ${quoted(tree)}/$folder; done
exec chroot ${quoted(tree)} /bin/sh /tmp/test.sh "$1"
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
