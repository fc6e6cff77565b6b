/** A small course on disk for tests. */
import { temporaryFolder } from '../temporary.ts';

const mistake = { fails: 'counts', misconception: 'm' };

export const exerciseText = (changes: Record<string, unknown> = {}) => {
  const checks = `[
    { id: 'loads', title: 'It loads', stage: 'load', points: 1, hints, rationale: 'r', run: async () => {} },
    { id: 'counts', title: 'It counts', stage: 'correct', points: 2, after: ['loads'], hints, rationale: 'r', run: async () => {} },
  ]`;
  const wrong = { one: mistake, two: mistake, three: mistake };
  const fields = {
    title: 'Say hello', summary: 'Print a line.', files: { 'a.bpf.c': { description: 'The program' } },
    needs: { kernel: '5.10' }, starter: { fails: 'counts', because: 'It is empty.' }, wrong, ...changes,
  };
  return `const hints = { nudge: 'n', concept: 'c', line: 'l' };
    export default { checks: ${checks}, ...${JSON.stringify(fields)} };`;
};

/** Files of one exercise below content/exercises/<id>/. */
export function exerciseFiles(id: string, text = exerciseText()): Record<string, string> {
  const at = `content/exercises/${id}`;
  const folders = ['starter', 'solution', 'wrong/one', 'wrong/two', 'wrong/three'];
  return {
    [`${at}/exercise.ts`]: text,
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
