/**
 * Calls of kill, told apart by made-up targets and signals: some while the reader keeps up, many while it pauses, very many from all CPUs
 * at once while there is no room at all, and a few more.
 */
import {
  type Action,
  type BpfMap,
  CheckFailure,
  type Kit,
  noProcess,
  type Program,
  readU32,
  readU64,
  u32,
  u64,
  usableCpus,
} from '#kit';

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
  /** Whether the kernel woke a reader that waited for the first records, and one that waited for a single one much later. */
  woken: boolean;
  wokenAgain: boolean;
  stalled: Phase;
  /** All CPUs call at once, and the ring buffer is full: calls, and the count of losses before and after them. */
  crowd: { calls: number; from: bigint; lost: bigint };
  after: Phase;
}

const eventBytes = 12;
/** 16 KiB hold 682 records of 12 bytes with their heads of 8, rounded up to 24. */
const overfull = 800;
/** Of these, so many find room at least, even if others on the machine send some signals meanwhile. */
export const roomFor = 640;

export async function tellKills(kit: Kit, program: Program): Promise<Told> {
  const { random } = kit;
  const events = await program.map('events');
  const lost = await program.map('lost');
  const reader = await events.watch();
  await program.attach();

  const calm = [...(await sendKills(kit, drawKills(kit, random.int(1, 3)))), ...(await killItself(kit))];
  const woken = await reader.woken();
  const calmRead = await readKills(events, calm);
  const calmLost = await readLost(lost);

  const stalled = await sendKills(kit, drawMany(kit, random.int(overfull, 1200)));
  const stalledLost = await readLost(lost);
  const from = 2n ** 32n - BigInt(random.int(1, 999));
  await lost.update(u32(0), u64(from));
  const crowd = await callInCrowds(kit, lost);
  const crowdLost = await readLost(lost);
  const stalledRead = await readKills(events, stalled);

  const again = await events.watch();
  const single = await sendKills(kit, [kill(nobody(random), random.int(1, 64))]);
  const wokenAgain = await again.woken();
  const after = [...single, ...(await sendKills(kit, drawKills(kit, 1)))];
  return {
    calm: { sent: calm, read: calmRead, lost: calmLost },
    woken,
    wokenAgain,
    stalled: { sent: stalled, read: stalledRead, lost: stalledLost },
    crowd: { calls: crowd, from, lost: crowdLost },
    after: { sent: after, read: await readKills(events, after), lost: await readLost(lost) },
  };
}

/** The first record that is not the expected one; `null` where one of the two ends. */
export function differ(
  expected: readonly Kill[],
  actual: readonly Kill[],
): { index: number; expected: Kill | null; actual: Kill | null } | null {
  for (let index = 0; index < Math.max(expected.length, actual.length); index++) {
    const [a, b] = [expected[index] ?? null, actual[index] ?? null];
    if (a?.sender !== b?.sender || a?.target !== b?.target || a?.signal !== b?.signal)
      return { index, expected: a, actual: b };
  }
  return null;
}

export function describe(kill: Kill | null): string {
  return kill ? `sender ${kill.sender}, target ${kill.target}, signal ${kill.signal}` : 'no record';
}

/** Others on the machine may send signals meanwhile. What names none of our calls is theirs, unless it names nothing at all. */
function isForeign(sent: readonly Kill[]): (kill: Kill) => boolean {
  const senders = new Set(sent.map(({ sender }) => sender));
  const targets = new Set(sent.map(({ target }) => target).filter((target) => target >= noProcess));
  return ({ sender, target, signal }) =>
    sender !== 0 && !senders.has(sender) && !targets.has(target) && !targets.has(signal);
}

async function readKills(events: BpfMap, sent: readonly Kill[]): Promise<Kill[]> {
  const foreign = isForeign(sent);
  return (await events.records()).map(parse).filter((kill) => !foreign(kill));
}

type Performer = Pick<Extract<Action, { action: 'call' }>, 'as' | 'threaded'>;

const kill = (target: number, signal: number, by: Performer = {}): Action => ({
  action: 'call',
  times: 1,
  call: 'kill',
  args: [target, signal],
  ...by,
});

const nobody = (random: Kit['random']): number => random.int(noProcess, 2 ** 31 - 1);

/**
 * Signals of every class, to processes and to groups (negative) that are not there, and such as do no harm to some that are; by root and
 * others, by first threads and by others. Among them the other ways to send a signal, which are no calls of kill.
 */
function drawKills({ random }: Kit, times: number): Action[] {
  const signals = [
    0,
    1,
    9,
    15,
    random.int(2, 31),
    31,
    32,
    34,
    random.int(35, 63),
    64,
    65,
    random.int(66, 2 ** 31 - 1),
    -1,
  ];
  const user = () => random.int(1, 2 ** 32 - 2);
  const performers: (() => Performer)[] = [
    () => ({}),
    () => ({ threaded: true }),
    () => ({ as: { uid: user(), gid: user() } }),
    () => ({ as: { uid: user(), gid: user() }, threaded: true }),
  ];
  return random.shuffle<Action>([
    ...Array.from({ length: times }, () => signals)
      .flat()
      .map((signal, index) => kill(nobody(random), signal, performers[index % performers.length]!())),
    ...signals.slice(0, random.int(3, 8)).map((signal) => kill(-nobody(random), signal)),
    // Signal 0 only asks whether one may send: to process 1, and to the own group. These calls succeed.
    kill(1, 0),
    kill(0, 0),
    ...neighbours(random),
  ]);
}

function neighbours(random: Kit['random']): Action[] {
  const [process, signal] = [nobody(random), random.int(1, 64)];
  return [
    { action: 'call', times: 2, call: 'tgkill', args: [process, process, signal] },
    { action: 'call', times: 2, call: 'tkill', args: [process, signal] },
    { action: 'call', times: 2, call: 'rt_sigqueueinfo', args: [process, signal, 0] },
    { action: 'call', times: 2, call: 'getpid', args: [] },
    { action: 'fork' },
    { action: 'open', path: '/etc/passwd' },
  ];
}

/** In a hurry: children and threads take their time. */
function drawMany({ random }: Kit, calls: number): Action[] {
  return [
    ...Array.from({ length: calls }, () => kill(nobody(random), random.int(0, 64))),
    // Without room, too.
    ...neighbours(random),
    kill(nobody(random), random.int(0, 64), { threaded: true }),
  ];
}

async function sendKills({ processes }: Kit, actions: readonly Action[]): Promise<Kill[]> {
  const performed = await processes.perform(actions);
  return performed.flatMap((done) =>
    done.action === 'call' && done.call === 'kill'
      ? [{ sender: done.process, target: done.args[0]! >>> 0, signal: done.args[1]! >>> 0 }]
      : [],
  );
}

/** A process may ask itself. Its number is known only when it is there. */
async function killItself({ machine }: Kit): Promise<Kill[]> {
  const { stdout } = await machine.run(['sh', '-c', 'kill -0 $$ && echo $$']);
  const itself = Number(stdout);
  if (!itself) throw new Error(`No process that sends a signal to itself: ${JSON.stringify(stdout.slice(0, 100))}`);
  return [{ sender: itself, target: itself, signal: 0 }];
}

/**
 * There is no room, so each call is lost. With the trap a plain addition loses hundreds of counts; without it there is time for enough calls
 * that a program which forgets one in thousands is seen.
 */
async function callInCrowds({ random, machine, processes }: Kit, lost: BpfMap): Promise<number> {
  const cpus = (await usableCpus(machine)).slice(0, 8);
  const args = [nobody(random), random.int(1, 64)];
  const storm = async (fewest: number, most: number): Promise<number> => {
    const threads = cpus.map((cpu) => ({ cpu, calls: random.int(fewest, most) }));
    const [done] = await processes.perform([{ action: 'storm', threads, call: 'kill', args }]);
    if (done!.errno) throw new Error(`No calls on all CPUs: ${JSON.stringify(done)}`);
    return threads.reduce((sum, { calls }) => sum + calls, 0);
  };
  const trap = await lost.trap(u32(0));
  const trapped = await storm(1_500, 2_500);
  await trap.stop();
  return trapped + (await storm(8_000, 10_000));
}

async function readLost(map: BpfMap): Promise<bigint> {
  const [value] = (await map.lookup(u32(0))) ?? [];
  if (!value) throw new Error('An array without its first row.');
  return readU64(value);
}

function parse(record: Uint8Array): Kill {
  if (record.length !== eventBytes)
    throw new CheckFailure({
      text: 'A record in the ring buffer has another size than struct event.',
      expected: `${eventBytes} bytes.`,
      actual: `${record.length} bytes.`,
      help: 'Reserve sizeof(struct event) bytes, and leave the struct as it is.',
    });
  return { sender: readU32(record, 0), target: readU32(record, 4), signal: readU32(record, 8) };
}
