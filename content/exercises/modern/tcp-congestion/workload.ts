/** Connections that use the learner's congestion control, and one that does not; what the kernel says of their windows. */
import { readFile } from 'node:fs/promises';
import { CheckFailure, LineTimeout, type Kit, type Program, type Running } from '#kit';

interface Pushed {
  before: number;
  most: number;
  after: number;
  packets: number;
}
interface Lost {
  before: number;
  ssthresh: number;
  packets: number;
}

export interface Windows {
  cap: number;
  /** Of a connection with the learner's congestion control, and of one with the kernel's own. */
  first: Pushed;
  plain: Pushed;
  /** Of the two, of a third that chose none, and of the listener. */
  names: string[];
  /** The error number that an ordinary user gets who asks for it; 0 if there is none. */
  refused: number;
  /** After the cap was lowered to so many. */
  lowest: number;
  lowered: Pushed;
  small: Lost;
  /** After this loss, when the window grows slowly. */
  again: Pushed;
  /** Without a cap, in slow start: two connections. */
  slowStart: Pushed[];
  loss: Lost;
  linear: Pushed;
  /** Two losses that were none. */
  spurious: (Lost & { after: number })[];
  /** The cap of those: more than any window needs. */
  unlimited: number;
}

export async function watchWindows(kit: Kit, program: Program): Promise<Windows> {
  const { machine, random, folder } = kit;
  const cap = await program.variable('cap', 'u32');
  const most = random.int(20, 40);
  const lowest = random.int(2, 3);
  // Negative as a signed number, and tiny where only its lower half counts.
  const unlimited = 2 ** 31 + random.int(1, 2 ** 15 - 1) * 2 ** 16 + random.int(2, 8);
  const setCap = (to: number) =>
    cap.set(to).catch((error: unknown) => {
      throw new CheckFailure({
        text: 'The variable cap cannot be changed while the congestion control is in use.',
        expected: 'volatile __u32 cap, as in the starter.',
        actual: String(error).slice(0, 300),
        help: 'variable',
      });
    });

  await machine.put(`${folder}/connections.py`, await readFile(new URL('connections.py', import.meta.url), 'utf8'));
  const packets = [random.int(5, 6) * most, random.int(20, 30), random.int(50, 70), random.int(8, 12)];
  const user = random.int(61_001, 65_000);
  await setCap(most);
  const script = machine.start(
    ['unshare', '--net', 'python3', `${folder}/connections.py`, ...packets.map(String), String(user)],
    { timeoutMs: 120_000 },
  );
  try {
    const one = (await phase(script)) as Pick<Windows, 'first' | 'plain' | 'names' | 'refused'>;
    await setCap(lowest);
    script.write('\n');
    const two = (await phase(script)) as Pick<Windows, 'lowered' | 'small' | 'again'>;
    await setCap(unlimited);
    script.write('\n');
    const three = (await phase(script)) as Pick<Windows, 'slowStart' | 'loss' | 'linear' | 'spurious'>;
    return { cap: most, lowest, unlimited, ...one, ...two, ...three };
  } finally {
    script.signal(9);
  }
}

/** What our own script says; the learner's program cannot write there. */
async function phase(script: Running): Promise<unknown> {
  const line = await script.line(60_000).catch((error: unknown) => {
    if (!(error instanceof LineTimeout)) throw error;
    throw new CheckFailure({
      text: 'A connection that uses capped does not get on.',
      expected: 'What was sent is acknowledged after a moment.',
      actual: 'After a minute it still was not.',
      help: 'stalls',
    });
  });
  if (line === null) throw new Error(`The connections failed: ${(await script.done).stderr.slice(-1500)}`);
  return JSON.parse(line);
}
