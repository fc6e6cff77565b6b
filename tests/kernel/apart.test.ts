/** What a hostile script can do to the machine that judges it: nothing, as far as we know how to try. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guestToolkit, toolkitAt } from '../../grader/kit/guest/toolkit.ts';
import type { Guest } from '../../grader/machine/vm/guest.ts';
import { until } from '../support/until.ts';
import { startGuest } from '../support/vm.ts';

let guest: Guest;
beforeAll(async () => {
  guest = await startGuest();
});
afterAll(() => guest.stop());

const attempts: [what: string, python: string][] = [
  ['to see a process of the machine', 'os.stat("/proc/1")'],
  ['to signal one', 'os.kill(int(sys.argv[1]), 9)'],
  ["to find the agent's port", 'assert [d for d in os.listdir("/dev") if d.startswith("vport")]'],
  [
    "to make the port's device",
    'os.mknod("/tmp/port", 0o600 | 0o020000, os.makedev(240, 1)); os.open("/tmp/port", os.O_RDWR)',
  ],
  ['to mount the devices', 'assert os.system("mount -t devtmpfs devices /tmp") == 0'],
  ['to make /proc writable', 'assert os.system("mount -o remount,rw /proc") == 0'],
  ['to name a program that the kernel starts as root', 'open("/proc/sys/kernel/core_pattern", "w").write("|/tmp/x")'],
  ['to restart the machine', 'open("/proc/sysrq-trigger", "w").write("b")'],
  ['to switch tracing off', 'open("/sys/kernel/tracing/tracing_on", "w").write("0")'],
  ['to leave its cgroup', 'open("/sys/fs/cgroup/cgroup.procs", "w").write("0")'],
  ['to change its own folder', 'open("/submission/new", "w")'],
  [
    'to reach the network of the machine',
    'import socket; socket.create_connection(("127.0.0.1", int(sys.argv[2])), 5)',
  ],
];

test('a script reaches nothing but itself', async () => {
  const { apart } = toolkitAt(guestToolkit);
  const folder = '/work/apart';
  const script = attempts
    .map(
      ([what, python]) =>
        `try:\n  ${python}\n  print("possible:", ${JSON.stringify(what)})\nexcept (OSError, AssertionError) as e:\n  print("refused:", ${JSON.stringify(what)})\n`,
    )
    .join('');
  await guest.put(`${folder}/hostile.py`, `import os, sys\n${script}os.kill(-1, 9)\n`);
  const victim = guest.start(['nc', '-lk', '127.0.0.1', '4321'], { timeoutMs: 60_000 });
  let pid = '';
  await until(async () => (pid = (await guest.run(['pidof', 'nc'])).stdout.trim()) !== '', 10_000, 'the victim starts');
  const ended = await guest.run(
    [apart, 'bpf,perfmon,syslog', folder, 'own-pids', '--', 'python3', 'hostile.py', pid, '4321'],
    { timeoutMs: 60_000 },
  );
  const said = ended.stdout.split('\n').slice(1, -1);
  expect(said).toEqual(attempts.map(([what]) => `refused: ${what}`));
  expect((await guest.run(['pidof', 'nc'])).stdout.trim(), 'the victim lives').toBe(pid);
  victim.signal(9);
}, 120_000);

test('a file that it may write makes nothing else writable', async () => {
  const { apart } = toolkitAt(guestToolkit);
  const tracing = '/sys/kernel/tracing';
  const script = `import os, sys\nfor name in sys.argv[1:]:\n  try:\n    os.open("${tracing}/" + name, os.O_WRONLY | os.O_APPEND)\n    print(name, 0)\n  except OSError as e:\n    print(name, os.strerror(e.errno))\n`;
  await guest.put('/work/writes/writes.py', script);
  const others = ['kprobe_events', 'tracing_on', 'set_ftrace_filter'];
  const ended = await guest.run([
    apart,
    'bpf,perfmon',
    '/work/writes',
    `write=${tracing}/uprobe_events`,
    '--',
    'python3',
    'writes.py',
    'uprobe_events',
    ...others,
  ]);
  expect(ended.stdout.split('\n').slice(1, -1), ended.stderr).toEqual([
    'uprobe_events 0',
    ...others.map((name) => `${name} Read-only file system`),
  ]);
});

// What a profiler needs, and what must not come with it: who may look at a process may also go to its root and its files.
const neighbourly: [what: string, python: string][] = [
  ['to read where its code is', 'assert "libc" in open(f"/proc/{pid}/maps").read()'],
  ['to read its program', 'open(f"/proc/{pid}/root/usr/bin/sleep", "rb").read()'],
  ['to write the given file', 'open("/out/result", "w").write("written")'],
];
const hostile: [what: string, python: string][] = [
  ['to signal it', 'os.kill(int(pid), 9)'],
  ['to change its memory', 'open(f"/proc/{pid}/mem", "r+b")'],
  ['to write where it is', 'open(f"/proc/{pid}/root/usr/x", "w")'],
  ['to write to its folder', 'open(f"/proc/{pid}/cwd/x", "w")'],
  ["to find the machine's files by it", 'os.stat(f"/proc/{pid}/root/run/hookpoint")'],
  ['to put a link where the file is', 'os.remove("/out/result"); os.symlink("/etc/passwd", "/out/result")'],
  ['to move another file there', 'open("/out/other", "w"); os.rename("/out/other", "/out/result")'],
];

test('a script sees one process and writes one file, and gets no further', async () => {
  const { apart } = toolkitAt(guestToolkit);
  const folder = '/work/apart-seen';
  const lines = (attempts: typeof hostile) =>
    attempts
      .map(
        ([what, python]) =>
          `try:\n  ${python}\n  print("possible:", ${JSON.stringify(what)})\nexcept (OSError, AssertionError) as e:\n  print("refused:", ${JSON.stringify(what)})\n`,
      )
      .join('');
  await guest.put(`${folder}/script.py`, `import os, sys\npid = sys.argv[1]\n${lines(neighbourly)}${lines(hostile)}`);
  await guest.put('/work/apart-out/result', '');
  const seen = guest.start([apart, '', folder, '--', 'sleep', '100'], { timeoutMs: 60_000 });
  const { pid } = JSON.parse((await seen.line())!) as { pid: number };
  await until(
    async () => (await guest.run(['cat', `/proc/${pid}/comm`])).stdout.trim() === 'sleep',
    10_000,
    'it is there',
  );
  const ended = await guest.run(
    [
      apart,
      'bpf,perfmon,syslog',
      folder,
      'own-pids',
      'out=/work/apart-out/result',
      '--',
      'python3',
      'script.py',
      `${pid}`,
    ],
    { timeoutMs: 60_000 },
  );
  expect(ended.stdout.split('\n').slice(1, -1), ended.stderr).toEqual([
    ...neighbourly.map(([what]) => `possible: ${what}`),
    ...hostile.map(([what]) => `refused: ${what}`),
  ]);
  expect(Buffer.from(await guest.get('/work/apart-out/result')).toString()).toBe('written');
  seen.signal(9);
}, 120_000);
