/** The browser's sides of what the grader's code uses of Node, against Node itself. */
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { constants } from 'node:os';
import * as path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { Buffer as BrowserBuffer } from 'buffer/index.js';
import { describe, expect, test } from 'vitest';
import * as crypto from '../../../../site/lab/node/crypto.ts';
import * as files from '../../../../site/lab/node/files.ts';
import * as net from '../../../../site/lab/node/net.ts';
import * as os from '../../../../site/lab/node/os.ts';
import * as paths from '../../../../site/lab/node/path.ts';
import * as streams from '../../../../site/lab/node/stream.ts';
import { nextTurn, setImmediate as turn } from '../../../../site/lab/node/timers.ts';
import { inspect } from '../../../../site/lab/node/util.ts';
import { Random } from '../../../../grader/verdict/random.ts';

describe('crypto', () => {
  // Around the length of a block and of what is left in it for the length.
  test.each([0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 128, 1000, 70_001])('SHA-256 of %i bytes', (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31) % 256);
    expect(crypto.createHash('sha256').update(bytes).digest('hex')).toBe(
      createHash('sha256').update(bytes).digest('hex'),
    );
  });

  test('a digest of parts, texts among them, is that of the whole', () => {
    const [ours, theirs] = [crypto.createHash('sha256'), createHash('sha256')];
    for (const part of ['1:', 'ä€𝄞', Uint8Array.of(0, 255)]) {
      ours.update(part);
      theirs.update(part);
    }
    expect(ours.digest('hex')).toBe(theirs.digest('hex'));
  });

  test('another algorithm is refused', () => {
    expect(() => crypto.createHash('sha1')).toThrow('only sha256');
  });

  test('random bytes and ids differ each time', () => {
    expect(crypto.randomBytes(64)).toHaveLength(64);
    expect(crypto.randomBytes(16).toString('hex')).not.toBe(crypto.randomBytes(16).toString('hex'));
    expect(crypto.randomUUID()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(crypto.randomUUID()).not.toBe(crypto.randomUUID());
  });

  test('a workload is drawn from a seed as the command draws it', () => {
    const random = new Random('2a');
    const block = crypto.createHash('sha256').update('2a:0').digest();
    expect(block.readUInt32BE(0) % 1000).toBe(random.int(0, 999));
  });
});

test.each([
  ['/a', 'b', 'c.c'],
  ['/a/', '/b'],
  ['a', '', 'b'],
])('join %s %s', (...parts: string[]) => {
  expect(paths.join(...parts)).toBe(path.posix.join(...parts));
});

test.each([
  '10.0.0.1',
  '256.0.0.1',
  '1.2.3',
  '01.2.3.4',
  '::',
  '::1',
  'fe80::1:2',
  '::ffff:1.2.3.4',
  '1:2',
  '1::2::3',
  'x',
  '',
])('isIP %j', (text) => {
  expect(net.isIP(text)).toBe(isIP(text));
});

test('signals are Linux’s', () => {
  expect(constants.signals).toMatchObject(os.constants.signals);
});

test('an error is inspected with its stack and its cause', () => {
  const error = new RangeError('too far', { cause: new Error('the edge') });
  expect(inspect(error)).toContain('RangeError: too far\n');
  expect(inspect(error)).toContain('node.test.ts');
  expect(inspect(error)).toContain('[cause]: Error: the edge');
});

test('turns come in the order in which they were asked for', async () => {
  const order: number[] = [];
  nextTurn(() => order.push(1));
  nextTurn(() => order.push(2));
  await turn();
  expect(order).toEqual([1, 2]);
});

test('what a page has not is refused when it is used', () => {
  expect(() => files.readFile()).toThrow('no files');
});

describe.each([
  ['Node’s', { Readable, Writable } as unknown as typeof streams],
  ['the browser’s', streams],
])('streams: %s', (_, sides) => {
  /** Whatever was put off until later in this turn of the loop, or the next, has happened. */
  const settle = async () => {
    await setImmediate();
    await setImmediate();
  };

  test('what is pushed before anybody listens, and while it is paused, comes later and in order', async () => {
    const heard: string[] = [];
    const readable = new sides.Readable({ highWaterMark: 4, read: () => {} });
    readable.push(Buffer.from('one'));
    expect(readable.push(Buffer.from('two'))).toBe(false);
    readable.on('data', (chunk) => void heard.push(String(chunk))).on('end', () => void heard.push('end'));
    await settle();
    readable.pause();
    readable.push(Buffer.from('three'));
    readable.push(null);
    await settle();
    expect(heard.join('')).toBe('onetwo');
    readable.resume();
    await settle();
    expect(heard.join('')).toBe('onetwothreeend');
  });

  test('it asks for more once what was there has been taken', async () => {
    let asked = 0;
    const readable = new sides.Readable({ highWaterMark: 4, read: () => void (asked += 1) });
    readable.push(Buffer.from('longer than that'));
    await settle();
    const before = asked;
    readable.on('data', () => {});
    await settle();
    expect(asked).toBeGreaterThan(before);
  });

  test('what is written comes one after the other, and the end last', async () => {
    const order: string[] = [];
    let free: (() => void) | undefined;
    const writable = new sides.Writable({
      write: (chunk, _encoding, next) => (order.push(String(chunk)), (free = next)),
      final: (next) => (order.push('end'), next()),
    });
    writable.write('ä');
    writable.write(Buffer.from('b'));
    writable.end();
    await settle();
    expect(order).toEqual(['ä']);
    free!();
    await settle();
    expect(order).toEqual(['ä', 'b']);
    free!();
    await settle();
    expect(order).toEqual(['ä', 'b', 'end']);
  });
});

describe('Buffer, the package', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  test.each(['hex', 'latin1', 'utf8'] as const)('%s', (encoding) => {
    const text = Buffer.from(bytes).toString(encoding);
    expect(BrowserBuffer.from(bytes).toString(encoding)).toBe(text);
    expect([...BrowserBuffer.from(text, encoding)]).toEqual([...Buffer.from(text, encoding)]);
  });

  test('integers of 64 bits, as the shapes of maps use them', () => {
    const [ours, theirs] = [BrowserBuffer.alloc(16), Buffer.alloc(16)];
    // Its types say number.
    for (const buffer of [ours as unknown as Buffer, theirs]) {
      buffer.writeBigUInt64LE(2n ** 63n + 5n, 0);
      buffer.writeBigInt64LE(-7n, 8);
    }
    expect([...ours]).toEqual([...theirs]);
    expect(ours.readBigInt64LE(8)).toBe(-7n);
    expect(ours.subarray(8)).toBeInstanceOf(BrowserBuffer);
    expect(BrowserBuffer.byteLength('ä€𝄞')).toBe(9);
  });
});
