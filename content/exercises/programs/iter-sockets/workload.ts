/** Sockets of every owner, port and queue that listen, others that do not, and what the iterator says of them. */
import { readFile } from 'node:fs/promises';
import { CheckFailure, type Kit, LineTimeout, type Program, type Running } from '#kit';

export interface Listener {
  port: number;
  uid: number;
  waiting: number;
  most: number;
}

export interface Reading {
  /** What was going on, to end a sentence with: 'after …'. */
  when: string;
  lines: string[];
  /** Whether the last line has an end. */
  ended: boolean;
  listeners: Listener[];
}

interface Planned {
  port: number;
  family: '4' | '6' | '46';
  uid: number;
  /** What listen() is called with, and how many connections wait to be accepted: one more than `most` fits. */
  most: number;
  waiting: number;
  /** Connections that stay half made. */
  deferred: number;
  /** In the last step it still listens, and half of what waited has been accepted. */
  stays: boolean;
}

export async function readSockets(kit: Kit, program: Program): Promise<Reading[]> {
  const { machine, folder, random } = kit;
  const link = await (await program.named('listening')).attachTo({ iterator: 'everything' });
  const iterator = `/sys/fs/bpf/${random.name()}`;
  await link.pin(iterator);
  const script = `${folder}/sockets.py`;
  await machine.put(script, await readFile(new URL('sockets.py', import.meta.url), 'utf8'));
  const sockets = machine.start(['python3', script], { timeoutMs: 120_000, maxOutputBytes: 4 << 20 });
  try {
    sockets.write(`${JSON.stringify({ iterator, ...planListeners(random) })}\n`);
    const readings: Reading[] = [];
    for (const when of [
      'before anything listened',
      'with all of them',
      'after some had closed',
      'where there is no socket',
    ]) {
      const { read, failed, listeners } = await answerOf(sockets);
      if (failed !== undefined) throw notReadable(failed);
      const ended = read.endsWith('\n');
      readings.push({ when, lines: read.split('\n').slice(0, ended ? -1 : undefined), ended, listeners });
      sockets.write('\n');
    }
    return readings;
  } finally {
    sockets.signal(9);
    await kit.bpf.unpin(iterator);
  }
}

interface Answer {
  read: string;
  /** The error that ended it. */
  failed?: string;
  listeners: Listener[];
}

/** What our own script says; the learner's program cannot write there. */
async function answerOf(sockets: Running): Promise<Answer> {
  const line = await sockets.line(60_000).catch((error: unknown) => {
    if (!(error instanceof LineTimeout)) throw error;
    throw notReadable('it does not end');
  });
  if (line === null) throw new Error(`The sockets ended: ${(await sockets.done).stderr.slice(-1500)}`);
  return JSON.parse(line) as Answer;
}

function notReadable(why: string): CheckFailure {
  return new CheckFailure({
    text: `The iterator cannot be read: ${why}.`,
    expected: 'The kernel calls listening once for each socket, and then once more.',
    help: 'Return 0 from the program: 1 makes the kernel call it again for the same socket.',
  });
}

/** Each number at its edges: ports and owners of every width, queues that are empty, full, and beyond 8 and 16 bits. */
function planListeners(random: Kit['random']): { busy: number; listeners: Planned[] } {
  const taken = new Set<number>();
  const port = (least: number, most: number): number => {
    for (;;) {
      const drawn = random.int(least, most);
      if (taken.has(drawn) || drawn >> 8 === (drawn & 0xff)) continue;
      taken.add(drawn);
      return drawn;
    }
  };
  const ranges = [
    [1, 255],
    [256, 1023],
    [1024, 32_767],
    [32_768, 65_535],
  ] as const;
  const uids = [0, 0, 1, random.int(2, 255), random.int(1000, 30_000), 65_534, random.int(65_536, 2 ** 24)];
  uids.push(2 ** 31 - 1, 2 ** 31, random.int(2 ** 31 + 1, 2 ** 32 - 3), 2 ** 32 - 2);
  const queues = [
    [0, 0],
    [1, 0],
    [random.int(2, 9), random.int(10, 100)],
    [random.int(3, 9), 'full'],
    [random.int(257, 300), random.int(301, 4095)],
    [0, random.int(4096, 65_535)],
    [1, random.int(65_536, 2 ** 20)],
    [random.int(2, 5), 128],
  ] as const;
  const families = ['4', '6', '46'] as const;
  const several = Math.max(uids.length, queues.length, ranges.length * families.length);
  const [owners, waits, turns] = [random.shuffle(uids), random.shuffle(queues), random.int(0, 11)];
  const listeners = Array.from({ length: several }, (_, index): Planned => {
    const [waiting, most] = waits[index % waits.length]!;
    const [least, highest] = ranges[(index + turns) % ranges.length]!;
    return {
      port: port(least, highest),
      family: families[index % families.length]!,
      uid: owners[index % owners.length]!,
      waiting,
      most: most === 'full' ? waiting - 1 : most,
      deferred: 0,
      stays: index % 3 > 0,
    };
  });
  // Three that share a port, of two owners; one with connections that are half made; one that is used.
  const plain = { family: '4' as const, most: 16, waiting: 0, deferred: 0, stays: true };
  const [shared, busy, owner] = [port(1024, 65_535), port(1024, 65_535), random.int(1000, 9999)];
  listeners.push(
    { ...plain, port: shared, uid: owner },
    { ...plain, port: shared, uid: owner, most: random.int(17, 100), stays: false },
    { ...plain, port: shared, uid: random.int(10_000, 65_000), family: '6' },
    { ...plain, port: port(1024, 65_535), uid: 0, deferred: random.int(2, 4) },
    { ...plain, port: busy, uid: random.int(1000, 65_000) },
  );
  return { busy, listeners: random.shuffle(listeners) };
}
