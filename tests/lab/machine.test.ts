/** The machine of the lab as a Machine: what the kit relies on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { labPreparation } from '../../grader/cli/lab.ts';
import type { Lab } from '../../grader/machine/lab/lab.ts';
import { type ReadyLab, restoreLab, setUpLab } from '../../grader/machine/lab/set-up.ts';
import { MachineLost } from '../../grader/machine/machine.ts';
import { silent } from '../../grader/machine/progress.ts';
import { kernelEntry } from '../../grader/machine/vm/vm.ts';

let ready: ReadyLab;
let lab: Lab;
beforeAll(async () => {
  ready = await setUpLab(await kernelEntry(undefined), labPreparation, silent);
  lab = await restoreLab(ready);
}, 3_600_000);
afterAll(() => lab.stop());

test('the kernel is the default kernel’s own build, with BTF', async () => {
  const { stdout } = await lab.run(['sh', '-c', 'uname -r; od -A n -t x1 -N 2 /sys/kernel/btf/vmlinux']);
  expect(stdout).toBe(`${ready.kernel}\n 9f eb\n`);
});

test('a command’s output, exit code and signal', async () => {
  expect(await lab.run(['sh', '-c', 'echo out; echo err >&2; exit 3'])).toMatchObject({
    code: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  });
  expect(await lab.run(['sh', '-c', 'kill -9 $$'])).toMatchObject({ code: -1, signal: 9 });
});

// The serial line has a FIFO of 16 bytes, its terminal a buffer of 4 KB; the driver takes 128 KB at most in one interrupt.
test.each([1, 15, 16, 1000, 4096, 65_536, 200_000])('a file of %i bytes comes back as it was put', async (length) => {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) % 256);
  await lab.put('/tmp/there/bytes', bytes);
  expect(Buffer.compare(await lab.get('/tmp/there/bytes'), bytes)).toBe(0);
});

test('a command that spins ends at its deadline, and the machine goes on', async () => {
  const spins = await lab.run(['sh', '-c', 'while :; do :; done'], { timeoutMs: 2000 });
  expect(spins.timedOut).toBe(true);
  expect((await lab.run(['echo', 'still here'])).stdout).toBe('still here\n');
});

test('each machine is pristine', async () => {
  await lab.put('/tmp/mine', 'x');
  const other = await restoreLab(ready);
  try {
    expect((await other.run(['ls', '/tmp'])).stdout).toBe('');
  } finally {
    await other.stop();
  }
});

test('a kernel that panics is lost for that reason', async () => {
  const other = await restoreLab(ready);
  try {
    await expect(other.run(['sh', '-c', 'echo c >/proc/sysrq-trigger'])).rejects.toMatchObject({ reason: 'panic' });
  } finally {
    await other.stop();
  }
});

test('one that is stopped is lost at once, whatever it does', async () => {
  const other = await restoreLab(ready);
  const running = other.run(['sh', '-c', 'while :; do :; done']);
  await other.stop();
  await expect(running).rejects.toBeInstanceOf(MachineLost);
});
