import { mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isChangedHere, keepChange, readChanges } from '../../../grader/cli/kept.ts';
import { banner, guestEnv } from '../../../grader/cli/shell-furnishing.ts';
import { EscapeKey } from '../../../grader/cli/shell-streams.ts';
import { MachineFileError } from '../../../grader/machine/machine.ts';
import { temporaryFolder } from '../temporary.ts';

test('Ctrl-] three times in a row is the way out; anything between begins anew', () => {
  const pressed = (...chunks: string[]) => {
    const key = new EscapeKey();
    return chunks.map((chunk) => key.pressed(Buffer.from(chunk)));
  };
  expect(pressed('\x1d', '\x1d', '\x1d')).toEqual([false, false, true]);
  expect(pressed('ls\x1d\x1d\x1d')).toEqual([true]);
  expect(pressed('\x1d', '\x1d', 'x', '\x1d')).toEqual([false, false, false, false]);
});

const exercise = {
  files: {
    'a.bpf.c': { description: '' },
    'b.txt': { description: '', maxBytes: 10 },
    'c.txt': { description: '' },
    'd.txt': { description: '' },
  },
};

test('only text that differs comes back from the guest; the rest says why', async () => {
  const inGuest: Record<string, string | Buffer> = {
    'a.bpf.c': 'int new;\n',
    'b.txt': 'same\n',
    'd.txt': Buffer.from([1, 0, 2]),
  };
  const asked: [string, number | undefined][] = [];
  const machine = {
    async get(path: string, max?: number) {
      asked.push([path, max]);
      const found = inGuest[path.slice('/root/a/b/'.length)];
      if (found === undefined) throw new MachineFileError('Too many levels of symbolic links');
      return Buffer.from(found);
    },
  };
  const files = new Map(['a.bpf.c', 'b.txt', 'c.txt', 'd.txt'].map((name) => [name, Buffer.from('same\n')]));
  const refused: string[] = [];
  const changes = await readChanges(machine, '/root/a/b', exercise, files, (file, why) =>
    refused.push(`${file}: ${why}`),
  );
  expect(changes).toEqual([{ file: 'a.bpf.c', text: 'int new;\n' }]);
  expect(refused).toEqual([
    'c.txt: in the guest it is no longer a regular file, or it is too large',
    'd.txt: d.txt is not a text file in UTF-8.',
  ]);
  expect(asked).toEqual([
    ['/root/a/b/a.bpf.c', 65536],
    ['/root/a/b/b.txt', 10],
    ['/root/a/b/c.txt', 65536],
    ['/root/a/b/d.txt', 65536],
  ]);
});

test('what is kept replaces the file, and the earlier version is saved first', async () => {
  const root = await temporaryFolder({ 'submissions/me/a/b/x.c': 'int mine;\n' });
  const folder = join(root, 'submissions/me/a/b');
  expect(await isChangedHere(folder, 'x.c', Buffer.from('int mine;\n'))).toBe(false);
  expect(await isChangedHere(folder, 'x.c', Buffer.from('int older;\n'))).toBe(true);
  const saved = await keepChange(
    root,
    'a/b',
    folder,
    { file: 'x.c', text: 'int guest;\n' },
    new Date('2026-01-02T03:04:05.678Z'),
  );
  expect(saved).toBe('.grade/kept/a/b/2026-01-02T03-04-05.678Z/x.c');
  expect(await readFile(join(root, saved!), 'utf8')).toBe('int mine;\n');
  expect(await readFile(join(folder, 'x.c'), 'utf8')).toBe('int guest;\n');
});

test('a link that took the place of a file is replaced, and not written through', async () => {
  const root = await temporaryFolder({ 'elsewhere/x.c': 'not mine\n' });
  const folder = join(root, 'submissions/me/a/b');
  await mkdir(folder, { recursive: true });
  await symlink(join(root, 'elsewhere/x.c'), join(folder, 'x.c'));
  await keepChange(root, 'a/b', folder, { file: 'x.c', text: 'int guest;\n' }, new Date());
  expect(await readFile(join(root, 'elsewhere/x.c'), 'utf8')).toBe('not mine\n');
  await expect(readlink(join(folder, 'x.c'))).rejects.toThrow('EINVAL');
  await writeFile(join(folder, 'x.c'), '');
});

test('the banner has the commands for what is there', () => {
  expect(banner('6.12.1', '/root/programs/hello', ['hello.bpf.c'])).toMatchInlineSnapshot(`
    "You are root on Linux 6.12.1, in a guest of your own.
    Its files and programs are gone when you leave.

      compile  clang -O2 -g --target=bpf -D__TARGET_ARCH_x86 -c hello.bpf.c
      load     bpftool prog loadall hello.bpf.o /sys/fs/bpf/mine autoattach
      look     bpftool prog show; bpftool map show; bpftool link show
      trace    cat /sys/kernel/tracing/trace_pipe

    Your files are in ~/programs/hello; what you change in them you may keep.
    Leave with exit or Ctrl-D. Ctrl-] three times ends a guest that hangs.
    "
  `);
  expect(banner('6.12.1', '/root/networking/tc', ['attach.tc', 'drop.bpf.c'])).toMatchInlineSnapshot(`
    "You are root on Linux 6.12.1, in a guest of your own.
    Its files and programs are gone when you leave.

      compile  clang -O2 -g --target=bpf -D__TARGET_ARCH_x86 -c drop.bpf.c
      load     bpftool prog loadall drop.bpf.o /sys/fs/bpf/mine autoattach
      look     bpftool prog show; bpftool map show; bpftool link show
      trace    cat /sys/kernel/tracing/trace_pipe
      device   ip link add eth0 type dummy && ip link set eth0 up
      attach   tc -batch attach.tc
      look     tc -s filter show dev eth0 ingress

    Your files are in ~/networking/tc; what you change in them you may keep.
    Leave with exit or Ctrl-D. Ctrl-] three times ends a guest that hangs.
    "
  `);
  expect(banner('6.12.1', '/root', [])).toMatchInlineSnapshot(`
    "You are root on Linux 6.12.1, in a guest of your own.
    Its files and programs are gone when you leave.

      look     bpftool prog show; bpftool map show; bpftool link show
      trace    cat /sys/kernel/tracing/trace_pipe

    Leave with exit or Ctrl-D. Ctrl-] three times ends a guest that hangs.
    "
  `);
});

test('the terminal tells of itself; without one there is no TERM', () => {
  expect(guestEnv('/t', 'x86_64', { TERM: 'tmux-256color', COLORTERM: 'truecolor', HOME: '/home/me' })).toMatchObject({
    TERM: 'tmux-256color',
    COLORTERM: 'truecolor',
    HOME: '/root',
  });
  expect(guestEnv('/t', 'x86_64')).not.toHaveProperty('TERM');
  expect(guestEnv('/t', 'x86_64').C_INCLUDE_PATH).toBe('/t/headers:/usr/include/x86_64-linux-gnu');
});
