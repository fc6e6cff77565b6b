/** Of the guest's root file system what the test needs, as files: programs, what they are linked with, headers. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Machine } from '../../../grader/machine/machine.ts';

const programs = ['sh', 'bpftool', 'grep', 'true', 'clang'];
const folders = ['/usr/include/bpf'];

/** Each file by its name and where it is in truth; and where clang has its own headers, which it finds from there. */
const list = `for program in ${programs.join(' ')}; do
  path=$(command -v $program); [ -x "$path" ] || path=/usr/bin/$program
  { echo "$path"; ldd "$(readlink -f "$path")" | grep -o '/[^ ]*'; } | while read -r name; do echo "$name $(readlink -f "$name")"; done
done
echo "folder $(clang -print-resource-dir)/include"
`;

/** Fills an empty folder out of the image, with the owners that this user may give. */
export async function makeTree(tree: string, image: string, guest: Machine): Promise<void> {
  const { stdout, stderr, code } = await guest.run(['sh', '-c', list]);
  if (code !== 0) throw new Error(`The guest cannot list what the test needs: ${stderr}`);
  const lines = [...new Set(stdout.trim().split('\n'))].map((line) => line.split(' ') as [string, string]);
  for (const folder of ['usr/bin', 'usr/sbin', 'usr/lib', 'usr/lib64', 'tmp', 'dev', 'proc', 'sys'])
    await mkdir(join(tree, folder), { recursive: true });
  for (const merged of ['bin', 'sbin', 'lib', 'lib64']) await symlink(`usr/${merged}`, join(tree, merged));

  const commands: string[] = [];
  for (const folder of [...folders, ...lines.flatMap(([what, path]) => (what === 'folder' ? [path] : []))]) {
    await mkdir(join(tree, dirname(folder)), { recursive: true });
    commands.push(`rdump ${folder} ${join(tree, dirname(folder))}`);
  }
  const files = lines.filter(([name]) => name !== 'folder');
  for (const real of new Set(files.map(([, path]) => path))) {
    await mkdir(join(tree, dirname(real)), { recursive: true });
    commands.push(`dump -p ${real} ${join(tree, real)}`);
  }
  await writeFile(`${tree}.commands`, `${commands.join('\n')}\n`);
  execFileSync('debugfs', ['-f', `${tree}.commands`, image], { stdio: 'ignore' });
  for (const [name, real] of files) {
    await mkdir(join(tree, dirname(name)), { recursive: true });
    if (!existsSync(join(tree, name))) await symlink(real, join(tree, name));
  }
}
