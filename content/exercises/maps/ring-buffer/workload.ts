/** Calls of kill, told apart by made-up targets and signals: a few while the reader keeps up, many while it pauses, a few more. */
import { readU32, readU64, u32 } from '../../../../grader/checks/bytes.ts';
import { CheckFailure } from '../../../../grader/checks/failure.ts';
import type { Kit } from '../../../../grader/checks/kit.ts';
import type { BpfMap } from '../../../../grader/checks/map.ts';
import { noProcess, type Action } from '../../../../grader/checks/processes.ts';
import type { Program } from '../../../../grader/checks/program.ts';

/** struct event of the task: __u32 sender, target, signal. */
export interface Kill {
  sender: number;
  target: number;
  signal: number;
}

export interface Phase {
  sent: Kill[];
  /** What the ring buffer held at its end. */
  read: Kill[];
  /** The count of losses so far. */
  lost: bigint;
}

export interface Told {
  calm: Phase;
  stalled: Phase;
  after: Phase;
}

const eventBytes = 12;
/** 16 KiB hold 682 records of 12 bytes with their heads of 8, rounded up to 24. */
const overfull = 800;

export async function tellKills(kit: Kit, program: Program): Promise<Told> {
  const events = await program.map('events');
  const lost = await program.map('lost');
  await program.attach();
  const phase = async (calls: number): Promise<Phase> => {
    const sent = await sendKills(kit, calls);
    const foreign = isForeign(sent);
    const read = (await events.records()).map(parse).filter((kill) => !foreign(kill));
    return { sent, read, lost: await readLost(lost) };
  };
  const { random } = kit;
  return { calm: await phase(random.int(20, 40)), stalled: await phase(random.int(overfull, 1200)), after: await phase(random.int(5, 20)) };
}

/** The first record that is not the expected one; `null` where one of the two ends. */
export function differ(expected: readonly Kill[], actual: readonly Kill[]): { index: number; expected: Kill | null; actual: Kill | null } | null {
  for (let index = 0; index < Math.max(expected.length, actual.length); index++) {
    const [a, b] = [expected[index] ?? null, actual[index] ?? null];
    if (a?.sender !== b?.sender || a?.target !== b?.target || a?.signal !== b?.signal) return { index, expected: a, actual: b };
  }
  return null;
}

export function describe(kill: Kill | null): string {
  return kill ? `sender ${kill.sender}, target ${kill.target}, signal ${kill.signal}` : 'no record';
}

/** Others on the machine may send signals meanwhile. What names none of our calls is theirs, unless it names nothing at all. */
function isForeign(sent: readonly Kill[]): (kill: Kill) => boolean {
  const senders = new Set(sent.map(({ sender }) => sender));
  const targets = new Set(sent.map(({ target }) => target));
  return ({ sender, target, signal }) => sender !== 0 && !senders.has(sender) && !targets.has(target) && !targets.has(signal);
}

async function sendKills({ random, processes }: Kit, calls: number): Promise<Kill[]> {
  const others = (): Action => random.pick<Action>([{ action: 'getpid' }, { action: 'fork' }, { action: 'open', path: '/etc/passwd' }]);
  const performed = await processes.perform(Array.from({ length: calls }, (_, index): Action[] => [
    { action: 'kill', target: random.int(noProcess, 2 ** 31 - 1), signal: random.int(0, 64) },
    // Of the many calls one in twenty is enough: children take their time.
    ...(index % 20 === 0 ? [others()] : []),
  ]).flat());
  return performed.filter((done) => done.action === 'kill').map(({ pid, target, signal }) => ({ sender: pid, target, signal }));
}

async function readLost(map: BpfMap): Promise<bigint> {
  const [value] = (await map.lookup(u32(0))) ?? [];
  if (!value) throw new Error('An array without its first row.');
  return readU64(value);
}

function parse(record: Uint8Array): Kill {
  if (record.length < eventBytes)
    throw new CheckFailure({
      text: 'A record in the ring buffer is shorter than struct event.',
      expected: `${eventBytes} bytes.`,
      actual: `${record.length} bytes.`,
      help: 'Reserve sizeof(struct event) bytes, and leave the struct as it is.',
    });
  return { sender: readU32(record, 0), target: readU32(record, 4), signal: readU32(record, 8) };
}
