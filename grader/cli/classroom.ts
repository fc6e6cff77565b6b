/** What every `grade class …` has at hand. */
import type { ClassFile } from '../course/class-file.ts';
import type { LoadedExercise } from '../course/exercise.ts';
import type { Context } from './context.ts';

export interface ClassOptions {
  class: string;
  format?: string;
  out?: string;
  learner?: string;
  organisation?: string;
  template?: string;
}

export interface Classroom {
  context: Context;
  classFile: ClassFile;
  course: LoadedExercise[];
  /** Report files that were named. */
  named: readonly string[];
  options: ClassOptions;
}
