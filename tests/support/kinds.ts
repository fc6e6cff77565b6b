/** The miniature exercises in tests/kernel/kinds, one of each kind that the kit has means for. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Case, casesOf } from '../../grader/cli/cases.ts';
import { basisOf } from '../../grader/course/basis.ts';
import type { LoadedExercise } from '../../grader/course/exercise.ts';
import { listKernels } from '../../grader/machine/vm/kernels.ts';
import { repository } from './clone.ts';

const home = join(repository, 'tests/kernel/kinds');

/** What an exercise.yaml has here; words that a test need not read are the same for all. */
const shape = z.strictObject({
  title: z.string(),
  follows: z.string().optional(),
  files: z.array(z.string()),
  checks: z.record(z.string(), z.string()),
  wrong: z.record(z.string(), z.string()),
});

export async function readKinds(): Promise<LoadedExercise[]> {
  const entries = await readdir(home, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(names.sort().map(readKind));
}

/** Its solution and its mistakes: most have no starter. */
export function casesOfKind(exercise: LoadedExercise): Case[] {
  return casesOf(exercise).filter(({ name }) => name !== 'starter');
}

/** The name of a kind in the verification record, and what its verification on the default kernel rests on. */
export async function recordOfKind(exercise: LoadedExercise): Promise<{ name: string; basis: string }> {
  const { default: kernel } = await listKernels();
  return { name: `kind ${exercise.id.split('/')[1]}`, basis: await basisOf(repository, exercise, kernel) };
}

async function readKind(name: string): Promise<LoadedExercise> {
  const folder = join(home, name);
  const { title, follows, files, checks, wrong } = shape.parse(
    parse(await readFile(join(folder, 'exercise.yaml'), 'utf8')),
  );
  const hints = { nudge: 'A nudge.', concept: 'A concept.', line: 'A line.' };
  const words = { stage: 'correct', points: 1, hints, rationale: 'It is a test.' } as const;
  return {
    id: `kinds/${name}`,
    folder,
    title,
    summary: title,
    minutes: 5,
    files: Object.fromEntries(files.map((file) => [file, { description: title }])),
    needs: { kernel: '5.10' },
    ...(follows && { follows: `kinds/${follows}` }),
    checks: Object.entries(checks).map(([id, about]) => ({ ...words, id, title: about })),
    starter: { fails: Object.keys(checks)[0]!, because: 'It has none.' },
    wrong: Object.fromEntries(Object.entries(wrong).map(([id, fails]) => [id, { fails, misconception: title }])),
  };
}
