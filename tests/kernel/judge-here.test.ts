/** The judge of a page (site/lab/judge.ts) decides as the command does. Here on the VM: what it runs on is only a Machine to it. */
import { expect, test } from 'vitest';
import { casesOf, compare } from '../../grader/cli/cases.ts';
import { loadCode } from '../../grader/course/code.ts';
import { filesOf } from '../../grader/course/files.ts';
import { loadCourse } from '../../grader/course/load.ts';
import { judgeHere, type LabExercise } from '../../site/lab/judge.ts';
import { repository } from '../support/clone.ts';
import { startGuest } from '../support/vm.ts';

const exercise = (await loadCourse(repository)).find(({ id }) => id === 'programs/hello')!;
const about: LabExercise = {
  exercise,
  starter: Object.fromEntries(await filesOf(exercise, 'starter')),
  solution: Object.fromEntries(await filesOf(exercise, 'solution')),
};
const own = Object.fromEntries(await loadCode(exercise));

test.each(casesOf(exercise).filter(({ name }) => name === 'solution' || name === 'starter'))('$name', async (one) => {
  const said: string[] = [];
  const result = await judgeHere({
    about,
    own,
    files: about[one.name as 'solution' | 'starter'],
    open: () => startGuest(),
    onCheck: ({ id }, decided) => said.push(`${id} ${decided?.outcome ?? 'begins'}`),
  });
  expect(compare(one, result)).toMatchObject({ ok: true });
  // Each check is told as it is decided, in the order of the exercise.
  expect(said.filter((line) => !line.endsWith('begins'))).toEqual(
    result.checks.map(({ id, outcome }) => `${id} ${outcome}`),
  );
});

test('a submission that takes the machine down fails, if the solution passes under the same workload', async () => {
  const [file] = Object.keys(exercise.files) as [string];
  const [id, run] = Object.entries(own)[0]!;
  let machines = 0;
  const result = await judgeHere({
    about,
    own: {
      ...own,
      // As a program does that makes the kernel panic; the solution does not.
      [id]: async (kit, check) => {
        if (kit.submission.sources.get(file) !== about.solution[file]) await kit.machine.stop();
        await run(kit, check);
      },
    },
    files: { [file]: `${about.solution[file]}// mine\n` },
    open: async () => ((machines += 1), startGuest()),
  });
  expect(machines).toBe(3);
  const failed = result.checks.find(({ outcome }) => outcome === 'fail');
  expect(failed?.id).toBe(id);
  expect(failed?.message?.actual).toContain('It happened twice, each time on a fresh machine.');
});
