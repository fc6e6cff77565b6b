/** What every `grade class …` has at hand. */
import { readFile } from 'node:fs/promises';
import { parseClass } from '../course/class-file.ts';
import type { ClassFile } from '../course/class-schema.ts';
import type { LoadedExercise } from '../course/exercise.ts';
import { plural } from '../report/words.ts';
import { plainLine } from '../verdict/text.ts';
import { CommandFailure, type Context } from './context.ts';

/** Beside the course, unless --class names another. */
export const usualClassFile = 'class.yaml';

export interface ClassOptions {
  class: string;
  format?: string;
  out?: string;
  learner?: string;
  organisation?: string;
  /** '<owner>/<name>' of the course, and of what learners' repositories are copies of. */
  course?: string;
  template?: string;
  /** Collect what was there when it was due. */
  due?: boolean;
}

export interface Classroom {
  context: Context;
  classFile: ClassFile;
  course: LoadedExercise[];
  /** Report files that were named. */
  named: readonly string[];
  options: ClassOptions;
}

/** Throws CommandFailure with every problem of the file, each with its line. */
export async function readClass(path: string, course: readonly LoadedExercise[]): Promise<ClassFile> {
  const file = plainLine(path, 300);
  const text = await readFile(path).then(
    (bytes) => decoded(bytes, file),
    (error: NodeJS.ErrnoException) => {
      throw new CommandFailure(
        error.code === 'ENOENT' ? `There is no ${file}.` : `${file} cannot be read: ${error.message}.`,
        2,
        'docs/teaching.md has one to begin with; --class names another.',
      );
    },
  );
  const read = parseClass(
    text,
    course.map(({ id }) => id),
    file,
  );
  if (!('problems' in read)) return read.classFile;
  const { problems } = read;
  const shown = problems.slice(0, mostProblems).map((problem) => plainLine(problem, 500));
  const rest = problems.length > mostProblems ? [`and ${problems.length - mostProblems} more`] : [];
  throw new CommandFailure(
    `${file} has ${plural(problems.length, 'problem')}:\n  ${[...shown, ...rest].join('\n  ')}`,
    2,
    'Each begins with the line that it is about. docs/teaching.md says what may be in it.',
  );
}

const mostProblems = 20;

/** A file that was saved in another encoding would have other names in it than the teacher sees. */
function decoded(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CommandFailure(
      `${file} is not UTF-8: a name in it would be garbled.`,
      2,
      'Save it again as UTF-8; your editor has this in its “Save as”.',
    );
  }
}
