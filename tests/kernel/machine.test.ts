import { afterEach, expect, onTestFinished, test } from 'vitest';
import { compile } from '../../grader/kit/guest/compiler.ts';
import { Resident } from '../../grader/kit/guest/resident.ts';
import { guestToolkit, toolkitAt } from '../../grader/kit/guest/toolkit.ts';
import { LineTimeout, type Machine, MachineFileError, MachineLost } from '../../grader/machine/machine.ts';
import { silent } from '../../grader/machine/progress.ts';
import type { Guest } from '../../grader/machine/vm/guest.ts';
import { deleteState } from '../../grader/machine/vm/state.ts';
import { kernelEntry, setUpVm } from '../../grader/machine/vm/vm.ts';
import { startGuest } from '../support/vm.ts';

let guest: Guest;
afterEach(() => guest?.stop());

async function lossOf(running: Promise<unknown>): Promise<MachineLost> {
  const error = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MachineLost);
  return error as MachineLost;
}

test('a guest is pristine: what one writes and loads, the next does not see', async () => {
  guest = await startGuest();
  expect(
    (await guest.run(['sh', '-c', 'echo mine >/etc/marker && ip link add dummy9 type dummy && cat /etc/marker']))
      .stdout,
  ).toBe('mine\n');
  await guest.stop();
  guest = await startGuest();
  const next = await guest.run(['sh', '-c', 'cat /etc/marker; ip -br link']);
  expect(next.stderr).toContain('/etc/marker: No such file');
  expect(next.stdout).not.toContain('dummy9');
});

test('restored guests have the time of now and random numbers of their own', async () => {
  const numbers = new Set<string>();
  for (let i = 0; i < 2; i++) {
    guest = await startGuest();
    const { stdout } = await guest.run([
      'sh',
      '-c',
      'date +%s; od -An -N16 -tx8 /dev/urandom; cat /proc/sys/kernel/random/uuid',
    ]);
    const [seconds = '', ...random] = stdout.split('\n');
    expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(5);
    numbers.add(random.join(' '));
    await guest.stop();
  }
  expect(numbers.size).toBe(2);
});

test('two guests at once are two machines', async () => {
  guest = await startGuest();
  const other = await startGuest();
  try {
    await Promise.all([guest.run(['hostname', 'first']), other.run(['hostname', 'second'])]);
    const names = await Promise.all([guest, other].map(async (machine) => (await machine.run(['hostname'])).stdout));
    expect(names).toEqual(['first\n', 'second\n']);
  } finally {
    await other.stop();
  }
});

test('a guest has no network card and no way out', async () => {
  guest = await startGuest();
  const { stdout } = await guest.run(['sh', '-c', 'ls /sys/class/net; cut -d" " -f3 /proc/mounts | sort -u']);
  const [interfaces, ...fileSystems] = stdout.trim().split('\n');
  expect(interfaces).toBe('lo');
  expect(fileSystems).toContain('overlay');
  expect(fileSystems.filter((type) => /9p|virtiofs|nfs|fuse/.test(type))).toEqual([]);
});

test('commands: exit codes, signals, deadlines, output and memory limits', async () => {
  guest = await startGuest();
  expect(await guest.run(['sh', '-c', 'echo out; echo err >&2; exit 3'])).toMatchObject({
    code: 3,
    signal: 0,
    stdout: 'out\n',
    stderr: 'err\n',
  });
  expect(await guest.run(['sh', '-c', 'kill -SEGV $$'])).toMatchObject({ code: -1, signal: 11 });
  expect(await guest.run(['no-such-command'])).toMatchObject({ code: 127 });
  expect(await guest.run(['cat'], { input: 'through' })).toMatchObject({ code: 0, stdout: 'through' });
  const late = await guest.run(['sh', '-c', 'setsid sleep 1000 & sleep 1000'], { timeoutMs: 500 });
  expect(late).toMatchObject({ timedOut: true, signal: 9 });
  expect((await guest.run(['sh', '-c', 'pgrep sleep | wc -l'])).stdout).toBe('0\n');
  const flood = await guest.run(['sh', '-c', 'yes | head -c 5000000'], { maxOutputBytes: 1000 });
  expect(flood).toMatchObject({ truncated: true });
  expect(flood.stdout).toHaveLength(1000);
  const greedy = await guest.run(['python3', '-c', 'x = bytearray(200 << 20)'], { memoryBytes: 50 << 20 });
  expect(greedy).toMatchObject({ outOfMemory: true, signal: 9 });
  const forks = await guest.run(['sh', '-c', 'for i in 1 2 3 4 5 6 7 8 9 10; do sleep 100 & done; wait'], {
    maxProcesses: 4,
    timeoutMs: 3000,
  });
  expect(forks.stderr).toMatch(/fork|Resource temporarily unavailable/);
  expect((await guest.run(['id', '-u'], { uid: 65534 })).stdout).toBe('65534\n');
});

test('what a command leaves behind is gone when it ends', async () => {
  guest = await startGuest();
  await guest.run(['sh', '-c', 'setsid sh -c "sleep 1000" >/dev/null 2>&1 & exit 0']);
  expect((await guest.run(['sh', '-c', 'pgrep sleep | wc -l'])).stdout).toBe('0\n');
});

test('a command that goes on is talked to line by line', async () => {
  guest = await startGuest();
  const cat = guest.start(['cat']);
  cat.write('one\ntwo\nrest');
  expect(await cat.line()).toBe('one');
  expect(await cat.line()).toBe('two');
  await expect(cat.line(200)).rejects.toBeInstanceOf(LineTimeout);
  cat.end();
  expect(await cat.line()).toBe('rest');
  expect(await cat.line()).toBeNull();
  expect(await cat.done).toMatchObject({ code: 0 });
});

test('the clang that waits in a guest does what any other does, as often as it is asked', async () => {
  guest = await startGuest();
  const source =
    '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\nchar l[] SEC("license") = "GPL";\nSEC("tracepoint/syscalls/sys_enter_execve")\nint f(void *c) { int unused; bpf_printk("x"); return 0; }\n';
  await guest.put('/work/submission/a.bpf.c', source);
  const compiled = (object: string, more = false) =>
    compile(guest, toolkitAt(guestToolkit), '/work/submission', 'a.bpf.c', `/work/build/${object}`, { more });
  expect(guest.hasWaiting).toBe(true);
  const [first, second, started] = [
    await compiled('first.o', true),
    await compiled('second.o'),
    await compiled('new.o'),
  ];
  expect(guest.hasWaiting).toBe(false);
  expect(guest.commandsStarted).toBe(2);
  expect([first, second]).toMatchObject([
    { code: 0, stderr: started.stderr },
    { code: 0, stderr: started.stderr },
  ]);
  expect(first.stderr).toContain("a.bpf.c:5:22: warning: unused variable 'unused'");
  for (const object of ['second.o', 'new.o'])
    expect((await guest.run(['cmp', '/work/build/first.o', `/work/build/${object}`])).code).toBe(0);
  expect((await guest.run(['stat', '-c', '%u %U', '/work/build/first.o'])).stdout).toBe('65534 nobody\n');
});

test('a compile can be interrupted, and has a deadline; nothing of it is left', async () => {
  guest = await startGuest();
  await guest.run(['mkfifo', '-m', '666', '/tmp/never.c', '/tmp/opened']);
  const resident = new Resident(guest, guest.takeWaiting()!);
  expect(guest.takeWaiting()).toBeUndefined();
  const first = resident.run('/tmp', ['-fsyntax-only', '-x', 'c', 'opened', 'never.c'], 60_000);
  // It has opened the first file once somebody else could.
  await guest.run(['sh', '-c', 'echo "int x;" >/tmp/opened'], { timeoutMs: 60_000 });
  resident.interrupt();
  expect(await first).toMatchObject({ code: -1, signal: 9, timedOut: false });
  expect(await resident.run('/tmp', ['--version'], 60_000)).toMatchObject({ code: 0 });
  expect(await resident.run('/tmp', ['-fsyntax-only', 'never.c'], 300)).toMatchObject({ signal: 9, timedOut: true });
  expect(resident.ended).toBe(true);
  expect((await guest.run(['pgrep', 'clang'])).stdout).toBe('');
});

test('files: written with their parents, read with a limit, never anything but regular ones', async () => {
  guest = await startGuest();
  const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
  await guest.put('/work/deep/er/file', content, 0o600);
  expect(Buffer.from(await guest.get('/work/deep/er/file')).equals(content)).toBe(true);
  expect((await guest.run(['stat', '-c', '%a', '/work/deep/er/file'])).stdout).toBe('600\n');
  await expect(guest.get('/work/deep/er/file', 1000)).rejects.toBeInstanceOf(MachineFileError);
  await expect(guest.get('/no/such')).rejects.toThrow(/No such file/);
  await expect(guest.get('/dev/zero')).rejects.toBeInstanceOf(MachineFileError);
  await guest.run(['ln', '-s', '/etc/passwd', '/work/link']);
  await expect(guest.get('/work/link')).rejects.toThrow(/symbolic links/);
});

test('a panic is told from other ends', async () => {
  guest = await startGuest();
  const lost = await lossOf(guest.run(['sh', '-c', 'echo c >/proc/sysrq-trigger']));
  expect(lost.reason).toBe('panic');
  expect(lost.message).toContain('sysrq triggered crash');
});

test('a guest that switches itself off', async () => {
  guest = await startGuest();
  expect((await lossOf(guest.run(['sh', '-c', 'echo o >/proc/sysrq-trigger; sleep 100']))).reason).toBe('power-off');
});

test('a guest that reboots', async () => {
  guest = await startGuest();
  expect((await lossOf(guest.run(['sh', '-c', 'echo b >/proc/sysrq-trigger; sleep 100']))).reason).toBe('power-off');
});

test('a kernel that panics at its first boot is booted again where that may be the emulation', async () => {
  guest = await startGuest();
  const { accelerator } = guest.info;
  await guest.stop();
  let boots = 0;
  const prepare = async (machine: Machine) => {
    if ((boots += 1) === 1) await machine.run(['sh', '-c', 'echo c >/proc/sysrq-trigger; sleep 100']);
  };
  const made = setUpVm(await kernelEntry(undefined), { version: crypto.randomUUID(), prepare }, silent);
  if (accelerator !== 'tcg') return expect((await lossOf(made)).reason).toBe('panic');
  const { state } = await made;
  onTestFinished(() => deleteState(state));
  expect(boots).toBe(2);
});

test('a guest that falls silent', async () => {
  guest = await startGuest();
  await guest.qemu.qmp.execute('stop');
  expect((await lossOf(guest.run(['true'], { timeoutMs: 100 }))).reason).toBe('silence');
});

test('QEMU that dies', async () => {
  guest = await startGuest();
  const running = lossOf(guest.run(['sleep', '100']));
  guest.qemu.kill();
  expect((await running).reason).toBe('died');
  expect((await lossOf(guest.run(['true']))).reason).toBe('died');
});

test("the agent's port has one owner, and process 1 cannot be killed from within", async () => {
  guest = await startGuest();
  const script = 'import glob, os; os.kill(1, 9); open(glob.glob("/dev/vport*")[0], "wb", 0)';
  expect((await guest.run(['python3', '-c', script])).stderr).toContain('Device or resource busy');
});
