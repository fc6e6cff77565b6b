/** What is wrong with the content is said with its file and field. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { loadCourse } from '../../../grader/course/load.ts';
import { digestOfExercise } from '../../../grader/course/verification.ts';
import { readCourse } from '../../../site/course/course.ts';
import { stepsOf } from '../../../site/course/steps.ts';
import { courseFile, exerciseFiles } from '../course/courses.ts';
import { addFiles, temporaryFolder } from '../temporary.ts';

let root: string;
beforeEach(async () => {
  root = await temporaryFolder({
    ...courseFile({ vm: ['assembly'], maps: ['count', 'sum'] }),
    ...exerciseFiles('vm/assembly'),
    ...exerciseFiles('maps/count'),
    ...exerciseFiles('maps/sum'),
    'content/outline.yaml':
      '- { name: vm, summary: s, lessons: [] }\n- { name: maps, summary: s, lessons: [hash, locks] }\n',
    'content/facts.yaml': 'ringbuf: { fact: f, since: "5.8", source: 457f44363a88 }\n',
    'content/glossary.yaml': 'map: { term: map, meaning: m }\n',
    'content/lab.yaml': 'offered: [maps/count]\nmissing: { .bpf.c: it is too large. }\n',
    'content/docs/maps/hash.mdx': lessonText('maps.hash', '[]', 'exercises: [maps/count]'),
    'content/docs/maps/locks.mdx': lessonText('maps.locks', '[maps.hash]', 'do: Lock it.'),
  });
  await addFiles(root, {
    'content/verification.json': JSON.stringify(await record(['vm/assembly', 'maps/count', 'maps/sum'])),
  });
});

function lessonText(id: string, prerequisites: string, end: string): string {
  return `---\ntitle: t\ndescription: d\nid: ${id}\nminutes: 5\nobjectives: [one, two]\nprerequisites: ${prerequisites}\n${end}\nkernel: "5.10"\n---\nText.\n`;
}

async function record(ids: string[]): Promise<object> {
  const on = {
    outcome: 'verified',
    release: '6.12.1',
    image: null,
    machine: 'tcg',
    date: '2026-01-02',
    cases: 5,
    seeds: 1,
    seconds: 1,
  };
  const course = await loadCourse(root);
  const exercises = await Promise.all(
    ids.map(async (id) => [
      id,
      { digest: await digestOfExercise(course.find((one) => one.id === id)!), kernels: { '6.12': on } },
    ]),
  );
  return { format: 'hookpoint-verification', version: 1, exercises: Object.fromEntries(exercises) };
}

test('a course is chapters with their lessons, and exercises right behind the lessons that name them', async () => {
  const { chapters, first } = await readCourse(root);
  expect(first).toBe('vm/assembly');
  expect(
    chapters.map((chapter) => [
      chapter.name,
      ...stepsOf(chapter).map((step) => ('lesson' in step ? step.lesson.id : step.exercise.id)),
    ]),
  ).toEqual([
    ['vm', 'vm/assembly'],
    ['maps', 'maps.hash', 'maps/count', 'maps.locks', 'maps/sum'],
  ]);
  expect(chapters[1]!.exercises[0]!.verified).toEqual([
    { kernel: '6.12', release: '6.12.1', date: '2026-01-02', unsupported: false },
  ]);
});

const lesson = 'docs/maps/locks.mdx';

test.each<[what: string, file: string, before: string | RegExp, after: string, complaint: string]>([
  ['minutes', lesson, /minutes: .*\n/, '', 'content/docs/maps/locks.mdx: minutes: '],
  ['objectives', lesson, /objectives: .*\n/, '', 'content/docs/maps/locks.mdx: objectives: '],
  ['prerequisites', lesson, /prerequisites: .*\n/, '', 'content/docs/maps/locks.mdx: prerequisites: '],
  ['a kernel in quotes', lesson, '"5.10"', '5.10', 'content/docs/maps/locks.mdx: kernel: '],
  [
    'something to do',
    lesson,
    /do: .*\n/,
    '',
    "content/docs/maps/locks.mdx: exercises: must name an exercise, or 'do' must say",
  ],
  [
    'a known exercise',
    lesson,
    /do: .*\n/,
    'exercises: [maps/spin]\n',
    'content/docs/maps/locks.mdx: exercises[0]: there is no exercise maps/spin',
  ],
  [
    'a prerequisite that comes before',
    lesson,
    '[maps.hash]',
    '[maps.pinning]',
    'content/docs/maps/locks.mdx: prerequisites[0]: no earlier lesson has the id maps.pinning',
  ],
  [
    'an id of its own',
    lesson,
    'id: maps.locks',
    'id: maps.hash',
    'content/docs/maps/locks.mdx: id: maps.hash is the id of an earlier lesson too',
  ],
  ['front matter', lesson, /^---[^]*---\n/, '', 'content/docs/maps/locks.mdx: has no front matter'],
  ['its place in the outline', 'outline.yaml', ', locks]', ']', 'content/outline.yaml: does not list maps/locks'],
  [
    'a file for what the outline lists',
    'outline.yaml',
    ', locks]',
    ', locks, keys]',
    'content/outline.yaml: [1].lessons[2]: there is no content/docs/maps/keys.mdx',
  ],
  [
    'chapters in their order',
    'outline.yaml',
    /(.*\n)(.*\n)/,
    '$2$1',
    'is out of order; content/exercises/course.json says vm, maps',
  ],
  [
    'every chapter',
    'outline.yaml',
    /.*vm.*\n/,
    '',
    'content/outline.yaml: has no chapter vm, which content/exercises/course.json has',
  ],
  [
    'a title, written once',
    'outline.yaml',
    'name: vm',
    'name: vm, title: VM',
    'content/outline.yaml: [0].title: is written in exercises/course.json already',
  ],
  ['a source for a fact', 'facts.yaml', ', source: 457f44363a88', '', 'content/facts.yaml: ringbuf.source: '],
  ['a meaning for a term', 'glossary.yaml', ', meaning: m', '', 'content/glossary.yaml: map.meaning: '],
])('an error names the file and field: without %s', async (_what, file, before, after, complaint) => {
  const path = join(root, 'content', file);
  const text = await readFile(path, 'utf8');
  expect(text).toMatch(before);
  await writeFile(path, text.replace(before, after));
  await expect(readCourse(root)).rejects.toThrow(complaint);
});

test('an exercise that was changed since it was verified is an error that says what to run', async () => {
  await addFiles(root, { 'content/exercises/maps/sum/solution/a.bpf.c': 'int changed;\n' });
  await expect(readCourse(root)).rejects.toThrow(
    'content/verification.json: exercises.maps/sum: was verified on no kernel since it was changed; run: npx grade verify maps/sum',
  );
});

test('an exercise without a task is an error', async () => {
  await addFiles(root, { 'content/exercises/maps/gone/exercise.yaml': '' });
  await expect(readCourse(root)).rejects.toThrow('content/exercises/maps/gone/exercise.yaml: is not listed');
});
