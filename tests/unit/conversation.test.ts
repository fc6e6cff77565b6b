import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PacedConversation, windowBytes } from '../../grader/machine/agent/conversation.ts';
import { encodeFields, frameType } from '../../grader/machine/agent/frames.ts';
import { MachineLost } from '../../grader/machine/machine.ts';

function conversation() {
  const sent: { type: number; payload: Buffer }[] = [];
  const talk = new PacedConversation((type, payload) => sent.push({ type, payload: Buffer.from(payload) }));
  const receive = (type: number, payload: Buffer) => talk.receive({ id: 1, type, payload });
  const credit = () =>
    sent.filter(({ type }) => type === frameType.credit).reduce((sum, { payload }) => sum + payload.readUInt32LE(0), 0);
  return { talk, sent, receive, credit };
}
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

test('output that nobody takes earns no credit, so that the guest waits', async () => {
  const { talk, receive, credit } = conversation();
  for (let i = 0; i < 4; i++) receive(frameType.stdout, Buffer.alloc(windowBytes / 4));
  await turn();
  expect(credit()).toBeLessThan(windowBytes);
  let taken = 0;
  talk.stdout.on('data', (chunk: Buffer) => (taken += chunk.length));
  await expect.poll(() => taken).toBe(windowBytes);
  expect(credit()).toBe(windowBytes);
});

test('input beyond the window waits until it is read', async () => {
  const { talk, sent, receive } = conversation();
  const input = () =>
    sent.filter(({ type }) => type === frameType.input).reduce((sum, { payload }) => sum + payload.length, 0);
  talk.stdin.end(Buffer.alloc(3 * windowBytes));
  expect(input()).toBe(windowBytes);
  receive(frameType.taken, u32(windowBytes));
  expect(input()).toBe(2 * windowBytes);
  receive(frameType.taken, u32(windowBytes));
  expect(input()).toBe(3 * windowBytes);
  receive(frameType.taken, u32(windowBytes));
  await expect.poll(() => sent.at(-1)!.payload.length).toBe(0);
});

test('its end: the streams end, what is written is swallowed, a window is resized no more', async () => {
  const { talk, sent, receive } = conversation();
  talk.resize({ rows: 40, columns: 100_000 });
  expect([...sent[0]!.payload]).toEqual([40, 0, 0xff, 0xff]);
  receive(frameType.stdout, Buffer.from('last words'));
  receive(
    frameType.exit,
    encodeFields([
      ['code', 7],
      ['signal', 0],
    ]),
  );
  expect(await talk.done).toEqual({ code: 7, signal: 0 });
  expect((await talk.stdout.toArray()).join('')).toBe('last words');
  const before = sent.length;
  talk.resize({ rows: 1, columns: 1 });
  await new Promise((resolve) => talk.stdin.end(Buffer.alloc(3 * windowBytes), () => resolve(null)));
  expect(sent.length).toBe(before);
});

test('a guest that is lost ends the streams, too', async () => {
  const { talk } = conversation();
  talk.fail(new MachineLost('panic', 'it is gone'));
  talk.fail(new MachineLost('died', 'again'));
  await expect(talk.done).rejects.toMatchObject({ reason: 'panic' });
  expect(await talk.stdout.toArray()).toEqual([]);
});
