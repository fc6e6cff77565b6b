import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { AgentClient } from '../../grader/machine/agent/client.ts';
import {
  BadFrame,
  cString,
  decodeFields,
  encodeFields,
  encodeFrame,
  FrameDecoder,
  frameType,
} from '../../grader/machine/agent/frames.ts';
import { MachineLost } from '../../grader/machine/machine.ts';
import { ConsoleLog } from '../../grader/machine/vm/console.ts';
import { qemuArguments } from '../../grader/machine/vm/qemu.ts';

test('frames survive any cutting of the stream', () => {
  const sent = [
    encodeFrame(1, frameType.stdout, Buffer.from('one')),
    encodeFrame(2, frameType.exit, Buffer.alloc(0)),
    encodeFrame(3, frameType.data, Buffer.alloc(70_000, 7)),
  ];
  const bytes = Buffer.concat(sent);
  for (const step of [1, 5, 12, 13, 4096, bytes.length]) {
    const decoder = new FrameDecoder();
    const frames = [];
    for (let i = 0; i < bytes.length; i += step) frames.push(...decoder.push(bytes.subarray(i, i + step)));
    expect(frames.map(({ id, type, payload }) => [id, type, payload.length])).toEqual([
      [1, 101, 3],
      [2, 103, 0],
      [3, 104, 70_000],
    ]);
  }
});

test('a length that no agent sends is refused before anything is buffered', () => {
  expect(() => new FrameDecoder().push(Buffer.alloc(12, 0xff))).toThrow(BadFrame);
});

test('a guest that does not speak our protocol is lost as garbled', async () => {
  const port = new PassThrough();
  const client = new AgentClient(port, () => {});
  const running = client.run(['true']);
  port.write(Buffer.alloc(64, 0xff));
  const lost = await running.catch((error: unknown) => error);
  expect(lost).toBeInstanceOf(MachineLost);
  expect((lost as MachineLost).reason).toBe('garbled');
});

test('fields are NUL-terminated, and a NUL in one is refused', () => {
  const bytes = encodeFields([
    ['arg', 'a=b'],
    ['arg', ''],
    ['uid', 7],
  ]);
  expect(bytes.toString()).toBe('arg=a=b\0arg=\0uid=7\0');
  expect(decodeFields(bytes).get('uid')).toBe('7');
  expect(() => cString('a\0uid=0')).toThrow(/NUL/);
});

test('the console remembers its end, and the line in which the kernel complains', () => {
  const console = new ConsoleLog();
  expect(console.complaint).toBeUndefined();
  console.push(Buffer.from('[ 1.0] booting\n[ 2.0] Kernel panic - not '));
  console.push(Buffer.from('syncing: sysrq triggered crash\r\n[ 2.1] CPU: 0\n'));
  expect(console.complaint).toBe('[ 2.0] Kernel panic - not syncing: sysrq triggered crash');
  for (let i = 0; i < 100; i++) console.push(Buffer.alloc(4096, 'x'));
  expect(console.tail().length).toBeLessThanOrEqual(128 * 1024);
});

test('a guest has no network card and no shared folder, and QEMU may start nothing once a submission runs', () => {
  const files = { kernel: '/k', initramfs: '/i', root: '/a,b', layer: '/l' };
  const args = qemuArguments({ accelerator: 'tcg', files, memory: { path: '/m', use: 'restore' }, state: '/s' });
  expect(args.join(' ')).not.toMatch(/-net|virtfs|9p|virtiofs|share=on/);
  expect(args.join(' ')).toContain('-nodefaults');
  expect(args[args.indexOf('-sandbox') + 1]).toContain('spawn=deny');
  expect(args.join(' ')).toContain('file.filename=/a,,b');
  expect(args.filter((arg) => arg.includes('read-only=on'))).toHaveLength(2);
});
