/** `grade hint [exercise]`: one hint more each time, for the check that failed last. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Check } from '../course/exercise.ts';
import { findExercise } from '../course/find.ts';
import { loadCourse } from '../course/load.ts';
import { currentExercise, readProgress, readResult } from '../course/progress.ts';
import { CommandFailure, type Context } from './context.ts';
import { loginOf } from './grade.ts';

const ladder = ['nudge', 'concept', 'line'] as const;

export async function hint(context: Context, named: string | undefined, options: { as?: string }): Promise<number> {
  const { root } = context;
  const course = await loadCourse(root, named === undefined ? [] : [named]);
  const login = await loginOf(context, options.as);
  const found = named === undefined ? undefined : await findExercise(course, named);
  if (found && 'problem' in found) throw new CommandFailure(found.problem.text, 2, found.problem.help);
  const exercise = found?.exercise ?? currentExercise(course, await readProgress(root, login, course));
  if (!exercise) throw new CommandFailure('There is no exercise under way to give a hint for.', 2, 'npx grade');
  const result = await readResult(root, login, exercise.id);
  const failed = result?.checks.find((check) => check.outcome === 'fail');
  const check = exercise.checks.find(({ id }) => id === failed?.id);
  if (!check) throw new CommandFailure(`No check of ${exercise.id} has failed, so there is nothing to hint at.`, 2, `npx grade ${exercise.id}`);

  const { hints, left } = await giveHint(root, login, exercise.id, check);
  if (context.json) process.stdout.write(`${JSON.stringify({ exercise: exercise.id, check: check.id, hints, left })}\n`);
  context.say(`${exercise.id}, “${check.title}”\n`);
  hints.forEach((text, i) => context.say(`${i + 1}. ${text}`));
  context.say(left > 0 ? `\nOne more: npx grade hint` : '\nThat was the last hint for this check.');
  return 0;
}

/** One hint more than last time for this check, with those before it; `left` are those still to come. */
export async function giveHint(root: string, login: string, exerciseId: string, check: Pick<Check, 'id' | 'hints'>): Promise<{ hints: string[]; left: number }> {
  const file = join(root, '.grade', 'hints', login, `${exerciseId}.json`);
  const shown = await readShown(file);
  const given = Math.min((shown[check.id] ?? 0) + 1, ladder.length);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ ...shown, [check.id]: given }));
  return { hints: ladder.slice(0, given).map((step) => check.hints[step]), left: ladder.length - given };
}

async function readShown(file: string): Promise<Record<string, number>> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Object.fromEntries(Object.entries(value as object).filter(([, count]) => typeof count === 'number'));
  } catch {
    return {};
  }
}
