import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCourseList } from '../../../grader/course/course-list.ts';
import { readTask } from '../../../grader/course/task.ts';
import { repository } from '../../support/clone.ts';
import { temporaryFolder } from '../temporary.ts';

const task =
  '# Task\n\n```c file="tasks/x.bpf.c#part" frame="none"\n```\n\n```sh\nnpx grade\n```\n\n```c file="tasks/x.bpf.c"\n```\n';

test('code of a task comes from the examples, a region or a whole file; the rest stays', async () => {
  const root = await temporaryFolder({
    'e/task.mdx': task,
    'content/examples/tasks/x.bpf.c': 'int f(void)\n{\n\t// #region part\n\treturn 0; // $& $1\n\t// #endregion\n}\n',
  });
  expect(await readTask(root, join(root, 'e'))).toBe(
    '# Task\n\n```c\nreturn 0; // $& $1\n```\n\n```sh\nnpx grade\n```\n\n```c\nint f(void)\n{\n\treturn 0; // $& $1\n}\n```\n',
  );
});

test('a file that is not there fails', async () => {
  const root = await temporaryFolder({ 'e/task.mdx': task });
  await expect(readTask(root, join(root, 'e'))).rejects.toThrow('ENOENT');
});

test('no program is typed into a task of the course: tests/kernel/lessons.test.ts compiles and loads what is shown', async () => {
  let shown = 0;
  for (const id of (await readCourseList(repository)).ids) {
    const folder = join(repository, 'content/exercises', id);
    const fences = [...(await readFile(join(folder, 'task.mdx'), 'utf8')).matchAll(/^```(\w.*)\n/gm)].map(
      (match) => match[1]!,
    );
    expect([id, fences.filter((fence) => !/^(sh|text)$|file="/.test(fence))]).toEqual([id, []]);
    const read = await readTask(repository, folder);
    expect(read).not.toContain('file="');
    shown += fences.filter((fence) => fence.includes('file="')).length;
  }
  expect(shown).toBeGreaterThan(2);
});
