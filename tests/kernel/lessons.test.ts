/** What lessons show: every example compiles and does what it is for, and every recording is what one would see today. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { buildGo } from '../../grader/checks/go.ts';
import { CheckFailure } from '../../grader/checks/failure.ts';
import { type ClosableKit, createKit } from '../../grader/checks/kit.ts';
import { manifestSchema } from '../../grader/checks/manifest.ts';
import { MachineLost } from '../../grader/machine/machine.ts';
import type { Guest } from '../../grader/machine/vm/guest.ts';
import { newSeed, Random } from '../../grader/verdict/random.ts';
import { readRecording } from '../../site/course/recordings.ts';
import { repository } from '../support/clone.ts';
import { withoutChance } from '../support/record.ts';
import { recordHome } from '../support/record-home.ts';
import { examplesOf, replayLesson, sessionIds, withoutAccident } from '../support/record-lessons.ts';
import { recordSetup, withoutMachine } from '../support/record-setup.ts';
import { startGuest } from '../support/vm.ts';

const chapters = await readdir(join(repository, 'content/examples'));

/** By the ending of an example, the longest first: what shows that it is right. */
const trials: [ending: string, trial: (kit: ClosableKit, file: string) => Promise<void>][] = [
  ['.bpf.c', async (kit, file) => {
    const loading = kit.program(file).load();
    // A lesson may show what the verifier refuses.
    if (file.startsWith('refused-')) await expect(loading).rejects.toBeInstanceOf(CheckFailure);
    else expect((await loading).programs.length).toBeGreaterThan(0);
  }],
  ['.c', async (kit, file) => {
    await makeSkeleton(kit, file);
    await succeeds(kit, ['gcc', '-O2', '-Wall', '-Wextra', '-Werror', `-I${skeletons}`, '-o', '/tmp/example', file, '-lbpf', '-lpthread']);
  }],
  ['.bt', (kit, file) => succeeds(kit, ['bpftrace', '--dry-run', file])],
  ['.py', endsWell],
  ['.sh', (kit, file) => succeeds(kit, ['bash', file])],
  ['.go', async (kit, file) => void (await buildGo(kit.machine, '/tmp', file.replace(/\.go$/, ''), kit.submission.sources.get(file)!, 'main.main'))],
  ['.yaml', async (kit, file) => void manifestSchema.parse(podOf(parse(kit.submission.sources.get(file)!)))],
  ['.h', async () => {}],
];

const skeletons = '/tmp/skeletons';

/** A loader that includes <name>.skel.h finds there what bpftool makes of <name>.bpf.c. */
async function makeSkeleton(kit: ClosableKit, file: string): Promise<void> {
  const name = /^#include "([\w-]+)\.skel\.h"/m.exec(kit.submission.sources.get(file)!)?.[1];
  if (name === undefined) return;
  const object = await kit.program(`${name}.bpf.c`).compile();
  const { code } = await kit.machine.run(['bash', '-c', `mkdir -p ${skeletons} && bpftool gen skeleton ${object} name ${name} >${skeletons}/${name}.skel.h`]);
  expect(code).toBe(0);
}

/** A Pod itself; of what makes pods (Job, DaemonSet, Deployment), the pod that it makes. */
function podOf(manifest: { kind: string; metadata: object; spec: { template?: { metadata?: object; spec: object } } }): unknown {
  const { template } = manifest.spec;
  return template ? { apiVersion: 'v1', kind: 'Pod', metadata: { ...manifest.metadata, ...template.metadata }, spec: template.spec } : manifest;
}

async function succeeds(kit: ClosableKit, argv: string[]): Promise<void> {
  await kit.submitted(argv.find((word) => /\.(c|bt|sh)$/.test(word))!);
  const { code, stderr } = await kit.machine.run(argv, { cwd: '/work/submission', timeoutMs: 60_000 });
  expect(stderr).toBe('');
  expect(code).toBe(0);
}

/** By itself, or at Ctrl-C when it has attached its programs: earlier, Ctrl-C would meet the compiler in the middle. */
async function endsWell(kit: ClosableKit, file: string): Promise<void> {
  await kit.submitted(file);
  const process = kit.machine.start(['sh', '-c', 'echo $$; exec python3 "$1"', 'sh', file], { cwd: '/work/submission', timeoutMs: 240_000 });
  const pid = await process.line();
  await kit.machine.run([kit.toolkit.attached, pid!], { timeoutMs: 240_000 });
  process.signal(2);
  const { code, stderr } = await process.done;
  expect(stderr).toBe('');
  expect(code).toBe(0);
}

describe.each(chapters)('examples of %s', async (chapter) => {
  const files = await examplesOf(chapter);
  let guest: Guest | undefined;
  let kit: ClosableKit;
  beforeEach(async () => {
    if (guest) return;
    guest = await startGuest();
    kit = createKit({ machine: guest, random: new Random(newSeed()), submission: { files } });
  });
  afterAll(async () => {
    if (!guest) return;
    kit.close();
    await guest.stop();
  });

  test.each([...files.keys()])('%s', async (file) => {
    const trial = trials.find(([ending]) => file.endsWith(ending))?.[1];
    if (!trial) throw new Error(`content/examples/${chapter}/${file}: nobody knows how to test a file of this kind; say it in tests/kernel/lessons.test.ts`);
    await trial(kit, file).catch((error: unknown) => {
      if (error instanceof MachineLost) guest = undefined;
      throw error;
    });
  });
});

/** A guest each takes a quarter of an hour for all: a third of them each day, and all of them with RECORDINGS=all, as verify.yml does every night. */
const recordings = await sessionIds();
const day = Math.floor(Date.now() / 86_400_000);
const due = process.env.RECORDINGS === 'all' ? recordings : recordings.filter((_, i) => i % 3 === day % 3);

test.each(due)('the recording %s', async (id) => {
  expect(withoutAccident(await replayLesson(id))).toEqual(withoutAccident((await readRecording(repository, id)).text));
});

test('the recordings of the first page', async () => {
  for (const [id, { text }] of Object.entries(await recordHome())) expect(withoutChance(text)).toBe(withoutChance((await readRecording(repository, id)).text));
});

test('the recordings of setting up', async () => {
  for (const [id, { text }] of Object.entries(await recordSetup())) expect(withoutMachine(text)).toBe(withoutMachine((await readRecording(repository, id)).text));
});
