/** A run of the learner's loader from its start to its end, and the kernel's word at each step. */
import { type Action, compileC, evidence, Gated, type GateEvent, type Kit, type Privileges } from '#kit';
import { makeObjects, type Sample } from './objects.ts';

export interface Held {
  name: string;
  /** Something makes it run: a link holds it. */
  linked: boolean;
}

export interface Session {
  sample: Sample;
  /** Its first line; null if it ended without, undefined if it slept or spun and said nothing. */
  first: string | null | undefined;
  /** What the kernel had of the object when it said so, and not a moment later. */
  held: Held[];
  expected: string[];
  /** After the first. */
  lines: string[];
  /** How many of them came before SIGINT. */
  inTime: number;
  /** Its end: by itself before it was told to, after SIGINT, or not at all. */
  end: 'early' | 'interrupted' | 'never';
  /** Exit code, or 128 + the signal that ended it. */
  code: number;
  stderr: string;
  /** Once it has ended: programs, and maps. */
  left: { programs: Held[]; maps: string[] };
}

/** CAP_BPF loads, CAP_PERFMON traces: nothing else is needed. */
const privileges: Privileges = { capabilities: ['bpf', 'perfmon'] };

export const built = evidence((kit) => compileC(kit, 'loader.c', { libraries: ['bpf'] }));
const samples = evidence(async (kit) => {
  await built(kit);
  return makeObjects(kit);
});

/** More lines than anybody needs to see that there are too many. */
const tooMany = 100;

export const watched = evidence(async (kit): Promise<Session> => {
  const [program, sample] = [await built(kit), await samples(kit)];
  const before = await kit.bpf.inventory();
  const loader = new Gated(kit.machine, kit.toolkit, [program, sample.object], privileges);
  // Its first word waits until the kernel was asked. One that never comes to it, or says it in a way of its own, goes on as it likes.
  let event = await loader.next();
  let there = await kit.bpf.inventory();
  loader.open();
  if (event.kind !== 'end') event = await loader.next();
  if (event.kind === 'writes') {
    there = await kit.bpf.inventory();
    event = await loader.next();
  }
  const first = event.kind === 'line' ? event.text : event.kind === 'end' ? null : undefined;
  const known = new Set(before.maps.map(({ id }) => id));
  const maps = there.maps.filter(({ id }) => !known.has(id));

  const expected = first === 'ready' ? await makeEvents(kit, sample) : [];
  const lines: string[] = [];
  while (lines.length < expected.length && (event = await loader.next()).kind === 'line') lines.push(event.text);
  const inTime = lines.length;
  const early = event.kind === 'end';
  if (!early) loader.interrupt();
  event = await afterwards(loader, lines, expected.length + tooMany);
  const stderr = await loader.close();
  return {
    sample,
    first,
    held: there.programs.filter(({ name }) => sample.programs.includes(name)),
    expected,
    lines,
    inTime,
    end: early ? 'early' : event.kind === 'end' ? 'interrupted' : 'never',
    code: event.kind === 'end' ? event.code : 0,
    stderr,
    left: await whatIsLeft(kit, sample, maps),
  };
});

/** What it still says until it ends, rests, or only keeps a CPU busy. */
async function afterwards(loader: Gated, lines: string[], most: number): Promise<GateEvent> {
  for (;;) {
    const event = await loader.next();
    if (event.kind === 'end' || event.kind === 'quiet' || event.kind === 'busy' || lines.length >= most) return event;
    if (event.kind === 'line') lines.push(event.text);
  }
}

/**
 * What a process held is given back at its end, but the kernel may wait for other CPUs before it forgets a program. So it is asked
 * again, unless something is pinned that was not: that stays.
 */
async function whatIsLeft(
  { bpf, machine }: Kit,
  { programs }: Sample,
  held: readonly { id: number }[],
): Promise<Session['left']> {
  const ids = new Set(held.map(({ id }) => id));
  for (let asked = 0; ; asked++) {
    const now = await bpf.inventory();
    const left = {
      programs: now.programs.filter(({ name }) => programs.includes(name)),
      maps: now.maps.filter(({ id }) => ids.has(id)).map(({ name }) => name),
    };
    if (left.programs.length + left.maps.length === 0 || asked === 400) return left;
    if (asked % 100 === 20 && (await machine.run(['find', '/sys/fs/bpf', '-type', 'f'])).stdout.trim() !== '')
      return left;
  }
}

export interface Refusal {
  what: string;
  /** It slept or spun, and did not end. */
  stays: boolean;
  code: number;
  stdout: string[];
  stderr: string;
}

/** With objects that cannot be opened, loaded, attached or read. */
export const refusals = evidence(async (kit): Promise<Refusal[]> => {
  const [program, { truncated, refused, homeless, ringless }] = [await built(kit), await samples(kit)];
  const bad: [string, string][] = [
    ['a file that does not exist', `${kit.folder}/${kit.random.name()}.o`],
    ['half of an object', truncated],
    ['an object that the verifier refuses', refused],
    ['an object with a program for a kernel function that does not exist', homeless],
    ['an object without a ring buffer named events', ringless],
  ];
  return Promise.all(
    bad.map(async ([what, path]) => {
      const loader = new Gated(kit.machine, kit.toolkit, [program, path], privileges);
      loader.open();
      const stdout: string[] = [];
      const event = await afterwards(loader, stdout, tooMany);
      const stderr = await loader.close();
      return { what, stays: event.kind !== 'end', code: event.kind === 'end' ? event.code : 0, stdout, stderr };
    }),
  );
});

/** Processes start and end, and hundreds of calls come one after the other. The lines that a loader has to print for them. */
async function makeEvents(kit: Kit, sample: Sample): Promise<string[]> {
  const { random, processes, folder } = kit;
  const { prefix, secrets, session, events } = sample;
  // A name in the kernel has 15 letters at most: the longest is one of those.
  const lengths = [1, 11, ...random.several(2, 6, () => random.int(1, 10))];
  const names = random.shuffle(lengths).map((length) => prefix + random.name(length));
  const others = random.several(2, 4, () => `${random.name(3)}-${random.name(4)}`);
  const place = (name: string) => `${folder}/${prefix}/${name}`;
  const all = [...new Set([...names, ...others])];
  const calls = [random.int(1, 5), random.int(5, 15), random.int(400, 600)].map((times): Action => ({
    action: 'call',
    times,
    call: 'getsid',
    args: [session],
  }));
  const done = await processes.perform([
    ...all.map((name): Action => ({ action: 'link', target: '/bin/true', path: place(name) })),
    ...random.shuffle<Action>([
      ...all.map((name): Action => ({ action: 'exec', name, path: place(name) })),
      ...calls,
      { action: 'call', times: 3, call: 'getsid', args: [session + 1] },
    ]),
  ]);
  let next = 0;
  return done.flatMap((act) => {
    const missing = act.action === 'call' ? act.errno !== 3 : act.errno !== 0 || act.code !== 0;
    if (missing) throw new Error(`The workload did not happen as planned: ${JSON.stringify(act)}`);
    if (act.action === 'call' && act.args[0] === session)
      return Array.from({ length: act.times }, () => events[next++ % events.length]!).map(
        ({ number, text }) => `${number} ${text}`,
      );
    return act.action === 'exec' && act.name.startsWith(prefix)
      ? secrets.map((secret) => `${secret ^ BigInt(act.pid)} ${act.name}`)
      : [];
  });
}
