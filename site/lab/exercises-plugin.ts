/**
 * Gives the judge's worker the exercises that the lab offers: the data and code of each in a file of its own, fetched with its first run.
 * And the page the titles of lessons, for what an explanation names, and the programs that lessons show.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { filesOf } from '../../grader/course/files.ts';
import { loadCourse } from '../../grader/course/load.ts';
import type { LessonProgram } from '../course/programs.ts';
import type { LabExercise } from './judge.ts';
import type { PublishedLab } from './published.ts';

const list = 'virtual:hookpoint/lab';
const titles = 'virtual:hookpoint/lessons';
const workbench = 'virtual:hookpoint/workbench';

export interface LabContent {
  /** Exercises that are offered. */
  offered: readonly string[];
  /** Titles of lessons. */
  lessons: Readonly<Record<string, string>>;
  lab: Pick<PublishedLab, 'path' | 'description'> | null;
  programs: Readonly<Record<string, LessonProgram>> | null;
}

export function labExercises(root: string, { offered, lessons, lab, programs }: LabContent): Plugin {
  const course = loadCourse(root);
  return {
    name: 'hookpoint-lab-exercises',
    resolveId: (wanted) =>
      [list, titles, workbench].includes(wanted) || wanted.startsWith(`${list}/`) ? `\0${wanted}` : undefined,
    async load(wanted) {
      if (wanted === `\0${list}`) return listing(offered);
      if (wanted === `\0${workbench}`)
        return `export const lab = ${JSON.stringify(lab)}; export const programs = ${JSON.stringify(programs ?? {})};`;
      if (wanted === `\0${titles}`) return `export const lessons = ${JSON.stringify(lessons)};`;
      if (!wanted.startsWith(`\0${list}/`)) return undefined;
      const id = wanted.slice(list.length + 2);
      const exercise = (await course).find((one) => one.id === id);
      if (!exercise) throw new Error(`content/lab.yaml: there is no exercise ${id}`);
      const { folder, ...data } = exercise;
      const about: LabExercise = {
        exercise: data,
        starter: Object.fromEntries(await filesOf(exercise, 'starter')),
        solution: Object.fromEntries(await filesOf(exercise, 'solution')),
      };
      const code = join(folder, 'exercise.ts');
      const hasCode = await stat(code).then(
        () => true,
        () => false,
      );
      return [
        `export const about = ${JSON.stringify(about)};`,
        hasCode ? `export { default as own } from ${JSON.stringify(code)};` : 'export const own = {};',
      ].join('\n');
    },
  };
}

function listing(offered: readonly string[]): string {
  const entries = offered.map((id) => `${JSON.stringify(id)}: () => import(${JSON.stringify(`${list}/${id}`)})`);
  return `export const exercises = { ${entries.join(', ')} };`;
}
