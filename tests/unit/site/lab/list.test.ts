/** content/lab.yaml: each exercise is offered, or the list says what is missing. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { loadCourse } from '../../../../grader/course/load.ts';
import { labSchema, missingFor, strangers } from '../../../../site/course/lab.ts';
import { repository } from '../../../support/clone.ts';

const list = labSchema.parse(parse(await readFile(join(repository, 'content/lab.yaml'), 'utf8')));
const course = await loadCourse(repository);

test('of each exercise it says whether it is offered, and names no other', () => {
  const problems = strangers(
    list,
    course.map(({ id }) => id),
  );
  const said = course.map((exercise) => [exercise.id, missingFor(exercise, list, problems)] as const);
  expect(problems).toEqual([]);
  expect(
    said
      .filter(([, missing]) => missing === null)
      .map(([id]) => id)
      .sort(),
  ).toEqual([...list.offered].sort());
  // Read after “This exercise cannot run in your browser:”.
  for (const [id, missing] of said)
    expect([id, missing]).toEqual([id, missing === null ? null : expect.stringMatching(/^[a-z].*\.$/)]);
});

test('the lab’s editor has one file, so what is offered hands in one', () => {
  const files = course.filter(({ id }) => list.offered.includes(id)).map((exercise) => Object.keys(exercise.files));
  expect(files.filter((names) => names.length !== 1)).toEqual([]);
});

const files = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { description: 'x' }]));

test('an exercise’s own words come first, then those of the longest ending', () => {
  const some = { offered: [], missing: { '.c': 'of C.', '.bpf.c': 'of BPF.', 'a/own': 'its own.' } };
  const problems: string[] = [];
  expect(missingFor({ id: 'a/own', files: files('x.c') }, some, problems)).toBe('its own.');
  expect(missingFor({ id: 'a/b', files: files('x.bpf.c') }, some, problems)).toBe('of BPF.');
  expect(missingFor({ id: 'a/b', files: files('x.c') }, some, problems)).toBe('of C.');
  expect(problems).toEqual([]);
  missingFor({ id: 'a/b', files: files('x.py') }, some, problems);
  expect(problems).toEqual(['content/lab.yaml: says neither that a/b is offered nor what is missing for it']);
});

test('what is no exercise, and what is both, is a problem', () => {
  expect(strangers({ offered: ['a/b', 'a/c'], missing: { 'a/b': 'x', 'a/d': 'x', '.c': 'x' } }, ['a/b'])).toEqual([
    'content/lab.yaml: there is no exercise a/c',
    'content/lab.yaml: there is no exercise a/d',
    'content/lab.yaml: a/b is both offered and missing',
  ]);
});
