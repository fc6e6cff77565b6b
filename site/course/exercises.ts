/** The exercises as the site shows them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCourse } from '../../grader/course/load.ts';
import type { Stage } from '../../grader/verdict/result.ts';
import { digestOfExercise, type MutantsRecord, readRecord } from '../../grader/course/verification.ts';
import { filesBeside } from './beside.ts';
import { type LabList, missingFor, strangers } from './lab.ts';
import { type LoadedExercise, type Needs, stableIdOf } from '../../grader/course/exercise.ts';

export interface ExercisePage {
  /** '<chapter>/<name>' */
  id: string;
  /** What progress is kept by, whatever it is called today. */
  stableId: string;
  /** Names that it had. */
  formerly: readonly string[];
  chapter: string;
  title: string;
  summary: string;
  points: number;
  /** How long it takes, about. */
  minutes: number;
  needs: Needs;
  files: { name: string; description: string; starter: string }[];
  /** What the task links to, by its path below the exercise. */
  beside: { path: string; text: string }[];
  checks: { id: string; title: string; stage: Stage; points: number }[];
  /** How many known mistakes fail, and how many other right ways pass: each verified on every kernel below. */
  mistakes: number;
  ways: number;
  /** What `grade verify --mutate` found, if it was run since the exercise was changed. */
  mutants: MutantsRecord | undefined;
  verified: { kernel: string; release: string; date: string; unsupported: boolean }[];
  /** What the lab in a page lacks for it; null if it is offered there. */
  missingInLab: string | null;
}

/** In the course's order. Pushes a problem for each exercise that was not verified as it is. Throws CourseError. */
export async function readExercises(root: string, lab: LabList, problems: string[]): Promise<ExercisePage[]> {
  const record = await readRecord(root);
  const course = await loadCourse(root);
  const ids = course.map(({ id }) => id);
  problems.push(...strangers(lab, ids));
  return Promise.all(
    course.map(async (exercise) => {
      const known = record.exercises[exercise.id];
      const current = known?.digest === (await digestOfExercise(exercise)) ? known : undefined;
      const verified = current?.kernels ?? {};
      if (!Object.values(verified).some(({ outcome }) => outcome === 'verified'))
        problems.push(
          `content/verification.json: exercises.${exercise.id}: was verified on no kernel${known ? ' since it was changed' : ''}; run: npx grade verify ${exercise.id} --kernel oldest,default,newest --record`,
        );
      return {
        ...(await pageOf(exercise, verified, current?.mutants)),
        missingInLab: missingFor(exercise, lab, problems),
      };
    }),
  );
}

async function pageOf(
  exercise: LoadedExercise,
  verified: Awaited<ReturnType<typeof readRecord>>['exercises'][string]['kernels'],
  mutants: MutantsRecord | undefined,
): Promise<Omit<ExercisePage, 'missingInLab'>> {
  const { id, title, summary, minutes, needs, checks } = exercise;
  return {
    id,
    stableId: stableIdOf(exercise),
    formerly: exercise.formerly ?? [],
    chapter: id.split('/')[0]!,
    title,
    summary,
    minutes,
    needs,
    points: checks.reduce((sum, check) => sum + check.points, 0),
    files: await Promise.all(
      Object.entries(exercise.files).map(async ([name, { description }]) => ({
        name,
        description,
        starter: await readFile(join(exercise.folder, 'starter', name), 'utf8'),
      })),
    ),
    beside: await Promise.all(
      filesBeside(await readFile(join(exercise.folder, 'task.mdx'), 'utf8')).map(async (path) => ({
        path,
        text: await readFile(join(exercise.folder, path), 'utf8'),
      })),
    ),
    checks: checks.map(({ id: check, title: asked, stage, points }) => ({ id: check, title: asked, stage, points })),
    mistakes: Object.keys(exercise.wrong).length,
    ways: Object.keys(exercise.also ?? {}).length,
    mutants,
    verified: Object.entries(verified).map(([kernel, { release, date, outcome }]) => ({
      kernel,
      release,
      date,
      unsupported: outcome === 'unsupported',
    })),
  };
}
