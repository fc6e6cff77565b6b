/**
 * Exercises in the machine of the lab (docs/lab.md), judged by the very same checks as in the VM. `npm run test:lab` makes that machine
 * first, which takes minutes; `npm test` leaves these out.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { beforeAll, describe, expect, test } from 'vitest';
import { casesOf, compare } from '../../grader/cli/cases.ts';
import { gradeSubmission } from '../../grader/cli/grading.ts';
import { labPreparation } from '../../grader/cli/lab.ts';
import { loadCourse } from '../../grader/course/load.ts';
import { guestToolkit, guestWork } from '../../grader/kit/guest/toolkit.ts';
import { type ReadyLab, restoreLab, setUpLab } from '../../grader/machine/lab/set-up.ts';
import { silent } from '../../grader/machine/progress.ts';
import { kernelEntry } from '../../grader/machine/vm/vm.ts';
import { labSchema } from '../../site/course/lab.ts';
import { repository } from '../support/clone.ts';

let ready: ReadyLab;
beforeAll(async () => {
  ready = await setUpLab(await kernelEntry(undefined), labPreparation, silent);
}, 3_600_000);

/** What pages offer. Each case that such an exercise promises has the same outcome, at the same check, as in the VM. */
const { offered } = labSchema.parse(parse(await readFile(join(repository, 'content/lab.yaml'), 'utf8')));
const course = await loadCourse(repository);
const machines = {
  open: async () => ({ machine: await restoreLab(ready), toolkit: guestToolkit, folder: guestWork }),
  release: ({ machine }: { machine: { stop(): Promise<void> } }) => machine.stop(),
};
/** Each is compiled, whatever was compiled before. */
const objects = { find: async () => undefined, keep: async () => {} };

describe.each(offered)('%s', (id) => {
  const exercise = course.find((one) => one.id === id)!;
  test.each(casesOf(exercise))('$name', async (one) => {
    const folder = join(exercise.folder, one.name);
    const result = await gradeSubmission({ root: repository, exercise, folder, machines, objects });
    const about = JSON.stringify(result.message ?? result.checks.find(({ outcome }) => outcome !== 'pass'), null, 1);
    expect(compare(one, result), about).toMatchObject({ ok: true });
    expect(result.machine).toMatchObject({ accelerator: 'bochs' });
  });
});
