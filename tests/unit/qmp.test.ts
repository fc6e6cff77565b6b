import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { Qmp } from '../../grader/machine/vm/qmp.ts';

/** The grader's end of a socket; `reply` is what QEMU sends for everything that is written. */
function socket(reply?: string) {
  const stream: Duplex = new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      if (reply !== undefined) stream.push(reply);
      done();
    },
  });
  return stream;
}

test('a command is answered with what QEMU returned, or rejected in its words', async () => {
  expect(await new Qmp(socket('{"return":{"status":"running"}}\n'), () => {}).execute('query-status')).toEqual({
    status: 'running',
  });
  await expect(new Qmp(socket('{"error":{"desc":"no such thing"}}\n'), () => {}).execute('x')).rejects.toThrow(
    'no such thing',
  );
});

test.each([
  ['ended', (stream: Duplex) => stream.push(null)],
  ['reset', (stream: Duplex) => stream.destroy(new Error('ECONNRESET'))],
])('a command under way is rejected when the channel is %s, and so is a later one', async (_how, end) => {
  const stream = socket();
  const qmp = new Qmp(stream, () => {});
  const answer = qmp.execute('migrate-incoming');
  end(stream);
  await expect(answer).rejects.toThrow('QEMU closed its control channel');
  await expect(qmp.execute('cont')).rejects.toThrow('QEMU closed its control channel');
});
