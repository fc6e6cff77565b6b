import { expect, test } from 'vitest';
import { renderDiff, renderFiles, renderMisconceptions, unifiedDiff } from '../../../grader/report/solution.ts';
import { check, exercise } from '../verdict/exercises.ts';

const screen = { color: false, width: 60, unicode: true };
const solution = new Map([
  ['a.bpf.c', 'int x;\nint y;\n'],
  ['b.c', 'same\n'],
]);

test('files with their names', () => {
  expect(renderFiles(solution, screen)).toBe('a.bpf.c\n\nint x;\nint y;\n\nb.c\n\nsame');
  expect(renderFiles(solution, { ...screen, plain: true })).toContain('File b.c:\n\nsame');
});

test('a diff from the learner’s files, without those that are the same and without their escapes', () => {
  const diff = unifiedDiff(
    new Map([
      ['a.bpf.c', 'int x\u001b[2J;\nint z;\n'],
      ['b.c', 'same\n'],
    ]),
    solution,
  );
  expect(diff).toMatchInlineSnapshot(`
    "--- yours/a.bpf.c
    +++ solution/a.bpf.c
    @@ -1,2 +1,2 @@
     int x;
    -int z;
    +int y;"
  `);
  expect(unifiedDiff(solution, solution)).toBe('');
  expect(renderDiff(diff, screen)).toBe(diff);
  expect(renderDiff(diff, { ...screen, color: true })).toContain('\u001b[32m+int y;\u001b[39m');
});

test('what often goes wrong', () => {
  const tried = {
    ...exercise(check('a')),
    wrong: { one: { fails: 'a', misconception: 'A long misconception about what the kernel does with a program.' } },
  };
  expect(`\n${renderMisconceptions(tried, screen)}\n`).toMatchInlineSnapshot(`
    "
    What often goes wrong
      - “A long misconception about what the kernel does with a
        program.”
        This belief fails at: It does a
    "
  `);
});
