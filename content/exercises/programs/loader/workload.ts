/** A run of the learner's loader from its start to its end, and the kernel's word at each step. */
import { Apart, type Privileges, runApart } from '../../../../grader/checks/apart.ts';
import { compileC } from '../../../../grader/checks/c-program.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import type { Kit } from '../../../../grader/checks/kit.ts';
import type { Action } from '../../../../grader/checks/processes.ts';
import { loadedPrograms, type LoadedProgram, remainingPrograms } from '../../../../grader/checks/loaded.ts';
import { LineTimeout, type RunResult } from '../../../../grader/machine/machine.ts';
import { makeObjects, type Sample } from './objects.ts';

export interface Session {
  sample: Sample;
  /** Its first line; null if it ended without, undefined if it said nothing for `patienceMs`. */
  first: string | null | undefined;
  /** While it runs. */
  held: LoadedProgram[];
  expected: string[];
  /** After the first. */
  lines: string[];
  /** Its end: by itself before it was told to, after SIGINT, or not at all. */
  end: 'early' | 'interrupted' | 'never';
  result: RunResult;
  /** Once it has ended. */
  left: LoadedProgram[];
}

/** A loader needs a second or two where every instruction is emulated; what takes longer waits for something else. */
export const patienceMs = 20_000;

/** CAP_BPF loads, CAP_PERFMON traces: nothing else is needed. */
const privileges: Privileges = { capabilities: ['bpf', 'perfmon'] };

export const built = evidence((kit) => compileC(kit, 'loader.c', { libraries: ['bpf'] }));
const samples = evidence(async (kit) => {
  await built(kit);
  return makeObjects(kit);
});

export const watched = evidence(async (kit): Promise<Session> => {
  const [program, sample] = [await built(kit), await samples(kit)];
  const loader = new Apart(kit.machine, [program, sample.object], privileges, { timeoutMs: 120_000 });
  const first = await nextLine(loader, patienceMs);
  const held = await loadedPrograms(kit.machine, sample.programs);
  const expected = first === 'ready' ? await startProcesses(kit, sample) : [];
  const lines: string[] = [];
  let last: string | null | undefined = first;
  while (lines.length < expected.length && typeof (last = await nextLine(loader, patienceMs / 2)) === 'string') lines.push(last);
  const early = last === null;
  if (!early) loader.interrupt();
  // What it still says when it ends is part of its result.
  const ended = await Promise.race([loader.done.then(() => true), timeout(patienceMs / 2)]);
  if (!ended) await loader.kill();
  const result = await loader.done;
  lines.push(...result.stdout.split('\n').filter(Boolean).slice(0, 100));
  return { sample, first, held, expected, lines, end: early ? 'early' : ended ? 'interrupted' : 'never', result, left: await remainingPrograms(kit.machine, sample.programs) };
});

export interface Refusal {
  what: string;
  result: RunResult;
}

/** With objects that cannot be loaded. */
export const refusals = evidence(async (kit): Promise<Refusal[]> => {
  const [program, { truncated, refused }] = [await built(kit), await samples(kit)];
  const bad: [string, string][] = [
    ['a file that does not exist', `${kit.folder}/${kit.random.name()}.o`],
    ['half of an object', truncated],
    ['an object that the verifier refuses', refused],
  ];
  return Promise.all(bad.map(async ([what, path]) => ({ what, result: await runApart(kit.machine, [program, path], privileges, { timeoutMs: patienceMs, input: '' }) })));
});

/** The lines that a loader has to print for them. */
async function startProcesses({ random, processes, folder }: Kit, { prefix, secrets }: Sample): Promise<string[]> {
  const names = random.several(4, 9, () => prefix + random.name(random.int(1, 10)));
  const others = random.several(2, 4, () => `${random.name(3)}-${random.name(4)}`);
  const place = (name: string) => `${folder}/${prefix}/${name}`;
  const all = [...new Set([...names, ...others])];
  const done = await processes.perform([
    ...all.map((name): Action => ({ action: 'link', target: '/bin/true', path: place(name) })),
    ...random.shuffle(all).map((name): Action => ({ action: 'exec', name, path: place(name) })),
  ]);
  return done.flatMap((act) => {
    if (act.errno !== 0 || act.code > 0) throw new Error(`A process could not be started: ${JSON.stringify(act)}`);
    return act.action === 'exec' && act.name.startsWith(prefix) ? secrets.map((secret) => `${secret ^ BigInt(act.pid)} ${act.name}`) : [];
  });
}

async function nextLine(loader: Apart, ms: number): Promise<string | null | undefined> {
  try {
    return await loader.line(ms);
  } catch (error) {
    if (error instanceof LineTimeout) return undefined;
    throw error;
  }
}

function timeout(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms).unref());
}
