/** What the pod's one image holds: a program with three names, its BPF object, the libraries, and links to start. */
import { readFile } from 'node:fs/promises';
import { compile, type Image, type Kit } from '#kit';

export const imageName = 'localhost/tools:1';

const script = String.raw`
set -e
cd "$1"; shift
mkdir -p root/bin root/lib64 root/proc root/sys root/work
install -d -o 65534 -g 65534 build
gcc -O2 -Wall -Wextra -Werror -o root/bin/execsnoop source/execsnoop.c -lbpf
for library in $(ldd root/bin/execsnoop | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p; s/^\t\(\/[^ ]*\) .*/\1/p'); do
  mkdir -p "root$(dirname "$library")"; cp -L "$library" "root$library"
done
ln -s execsnoop root/bin/shop; ln -s execsnoop root/bin/pause
for name; do ln -s ../bin/execsnoop "root/work/$name"; done
mkfifo -m 666 root/orders`;

/** `names`: what the shop can be told to start. */
export async function makeImage({ machine, toolkit }: Kit, folder: string, names: readonly string[]): Promise<Image> {
  for (const file of ['execsnoop.c', 'execsnoop.bpf.c'])
    await machine.put(`${folder}/source/${file}`, await readFile(new URL(`image/${file}`, import.meta.url)));
  const made = await machine.run(['sh', '-c', script, 'sh', folder, ...names], { timeoutMs: 120_000 });
  const compiled = await compile(
    machine,
    toolkit,
    `${folder}/source`,
    'execsnoop.bpf.c',
    `${folder}/build/execsnoop.bpf.o`,
  );
  const placed = await machine.run(['cp', `${folder}/build/execsnoop.bpf.o`, `${folder}/root/`]);
  if (made.code !== 0 || compiled.code !== 0 || placed.code !== 0)
    throw new Error(
      `The image cannot be made: ${made.stderr.slice(0, 1000)} ${compiled.stderr.slice(0, 1000)} ${placed.stderr.slice(0, 500)}`,
    );
  return { name: imageName, root: `${folder}/root`, command: ['/bin/pause'] };
}
