/** A small course on disk for tests. */
import { stringify } from 'yaml';
import { temporaryFolder } from '../temporary.ts';

const mistake = { fails: 'counts', misconception: 'm' };
const hints = { nudge: 'n', concept: 'c', line: 'l' };

/** An exercise.yaml with two checks, and what is changed of it. */
export const exerciseYaml = (changes: Record<string, unknown> = {}) =>
  stringify({
    title: 'Say hello',
    summary: 'Print a line.',
    minutes: 10,
    files: { 'a.bpf.c': 'The program' },
    needs: { kernel: '5.10' },
    starter: { fails: 'counts', because: 'It is empty.' },
    wrong: { one: mistake, two: mistake, three: mistake },
    checks: {
      loads: { title: 'It loads', stage: 'load', points: 1, hints, rationale: 'r' },
      counts: { title: 'It counts', stage: 'correct', points: 2, after: ['loads'], hints, rationale: 'r' },
    },
    ...changes,
  });

export const exerciseCode = 'export default { loads: async () => {}, counts: async () => {} };\n';

/** Files of one exercise below content/exercises/<id>/. */
export function exerciseFiles(id: string, yaml = exerciseYaml(), code = exerciseCode): Record<string, string> {
  const at = `content/exercises/${id}`;
  const folders = ['starter', 'solution', 'wrong/one', 'wrong/two', 'wrong/three'];
  return {
    [`${at}/exercise.yaml`]: yaml,
    [`${at}/exercise.ts`]: code,
    [`${at}/task.mdx`]: 'Do it.',
    ...Object.fromEntries(folders.map((folder) => [`${at}/${folder}/a.bpf.c`, `// ${folder}\n`])),
  };
}

export function courseFile(chapters: Record<string, string[]>): Record<string, string> {
  const list = Object.entries(chapters).map(([name, exercises]) => ({ name, title: name, exercises }));
  return { 'content/exercises/course.json': JSON.stringify({ chapters: list }) };
}

export const smallCourseFiles = {
  ...courseFile({ programs: ['hello', 'maps'], networking: ['drop'] }),
  ...exerciseFiles('programs/hello'),
  ...exerciseFiles('programs/maps'),
  ...exerciseFiles('networking/drop'),
};

export async function smallCourse(): Promise<string> {
  return temporaryFolder(smallCourseFiles);
}
