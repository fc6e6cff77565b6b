/**
 * What may happen to us rather than to the submission: QEMU or the grader killed at any moment, eight graders at once, a disk that is full. The
 * verdict is right or there is none, and nothing is left. A few each time; 200 kills with EVERYTHING=1, as every night.
 */
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseProgress } from '../../../grader/course/progress-file.ts';
import { reportSchema } from '../../../grader/verdict/result.ts';
import { Clone, descendantsOf, repository, withCommand } from '../../support/clone.ts';
import { everything } from '../../support/selection.ts';
import { startGuest } from '../../support/vm.ts';
import { withMark } from './graded.ts';

const exercise = 'programs/hello';
let clone: Clone;
beforeAll(async () => {
  clone = await Clone.make();
  await (await startGuest()).stop();
}, 900_000);
afterAll(() => clone.remove());

/** A grader that judges the right solution of a learner of its own. */
async function begin(login: string) {
  const folder = clone.path('submissions', login, exercise);
  await mkdir(folder, { recursive: true });
  await cp(join(repository, 'content/exercises', exercise, 'solution'), folder, { recursive: true });
  return clone.start([exercise, '--as', login, '--json'], { HOOKPOINT_TEST_MARK: login });
}

const outcomeOf = (stdout: string) => reportSchema.parse(JSON.parse(stdout)).results[0]!.outcome;

const kills = everything ? 100 : 3;

test(`QEMU killed at ${kills} moments: graded again, and nothing left`, { timeout: 3_600_000 }, async () => {
  const outcomes: Record<string, number> = {};
  for (let i = 0; i < kills; i += 1) {
    const login = `qemu-${i}`;
    const { child, ended } = await begin(login);
    await delay((4000 * i) / kills);
    const [guest] = await withCommand(await descendantsOf(child.pid!), 'qemu-system');
    if (guest) process.kill(guest, 'SIGKILL');
    const { stdout } = await ended;
    const outcome = outcomeOf(stdout);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    expect(await withMark(`HOOKPOINT_TEST_MARK=${login}`)).toEqual([]);
  }
  expect(outcomes).toEqual({ pass: kills });
});

test(
  `the grader killed at ${kills} moments: no process left, and what it remembers is whole`,
  { timeout: 3_600_000 },
  async () => {
    for (let i = 0; i < kills; i += 1) {
      const login = `grader-${i}`;
      const { child, ended } = await begin(login);
      await delay((5000 * i) / kills);
      child.kill(i % 2 === 0 ? 'SIGKILL' : 'SIGTERM');
      await ended;
      const mark = `HOOKPOINT_TEST_MARK=${login}`;
      await expect.poll(() => withMark(mark), { timeout: 60_000 }).toEqual([]);
      const text = await readFile(clone.path('.grade/progress.json'), 'utf8').catch(() => undefined);
      if (text !== undefined) expect(parseProgress(text)).toHaveProperty('progress');
    }
  },
);

test('eight graders at once: eight right verdicts, all remembered', { timeout: 1_800_000 }, async () => {
  const logins = Array.from({ length: everything ? 8 : 4 }, (_, i) => `at-once-${i}`);
  const all = await Promise.all(logins.map(async (login) => (await begin(login)).ended));
  expect(all.map(({ stdout }) => outcomeOf(stdout))).toEqual(logins.map(() => 'pass'));
  const { learners } = JSON.parse(await readFile(clone.path('.grade/progress.json'), 'utf8'));
  expect(Object.keys(learners)).toEqual(expect.arrayContaining(logins));
  expect((await readdir(clone.path('.grade'))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

/** Real time, for the moment of a kill; nothing is waited for by it. */
const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
