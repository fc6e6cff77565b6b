import { join } from 'node:path';
import { readFile, writeFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { cohort } from '../../../grader/cli/cohort.ts';
import { createContext } from '../../../grader/cli/context.ts';
import { makeReport } from '../../../grader/report/json.ts';
import { loadCourse } from '../../../grader/course/load.ts';
import { judged } from '../github/results.ts';
import { smallCourse } from '../course/courses.ts';
import { addFiles } from '../temporary.ts';

test('a page of a class, with the pairs that a human should read', async () => {
  const root = await smallCourse();
  const program = Array.from(
    { length: 20 },
    (_, i) => `int value_${i} = lookup(${i * 17}, table_${i}); /* step ${i} */`,
  ).join('\n');
  const other = program.replaceAll('value', 'count').replaceAll('lookup', 'find').replaceAll('step', 'and');
  await addFiles(
    root,
    Object.fromEntries(
      [
        ['ada', program],
        ['bob', program],
        ['eve', other],
      ].map(([login, text]) => [`submissions/${login}/programs/hello/a.bpf.c`, text!]),
    ),
  );
  const exercise = (await loadCourse(root)).find(({ id }) => id === 'programs/hello')!;
  for (const login of ['ada', 'bob', 'eve'])
    await writeFile(join(root, `report-${login}.json`), JSON.stringify(makeReport([await judged(exercise, login)])));
  const said = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const out = join(root, 'site', 'class.html');
  const reports = ['ada', 'bob', 'eve'].map((login) => join(root, `report-${login}.json`));
  expect(await cohort({ ...createContext({}), root }, reports, { out, title: 'BPF', similar: true })).toBe(0);
  said.mockRestore();
  const html = await readFile(out, 'utf8');
  expect(html).toContain('3 learners, 1 of 3 exercises');
  expect(html).toContain('<td>ada, bob</td><td>100 %</td>');
  expect(html).not.toMatch(/ada, eve|bob, eve/);
});
