/** `grade new <chapter>/<name> --kind xdp`: for authors. A complete exercise that verifies as it is, to be changed. */
import { relative } from 'node:path';
import { kindsOfExercises, scaffold, ScaffoldError } from '../course/scaffold.ts';
import { withLock } from '../machine/lock.ts';
import { CommandFailure, type Context } from './context.ts';

export async function newExercise(
  context: Context,
  id: string,
  { kind, title }: { kind?: string; title?: string },
): Promise<number> {
  const { root } = context;
  if (kind === undefined)
    throw new CommandFailure(
      'What kind of exercise?',
      2,
      `Say one of: ${(await kindsOfExercises(root)).map((one) => `--kind ${one}`).join(', ')}.`,
    );
  // One at a time: all of them write course.json.
  const folder = await withLock(
    'course',
    () => {},
    () => scaffold(root, { id, kind, title }),
  ).catch((error: unknown) => {
    if (error instanceof ScaffoldError) throw new CommandFailure(error.message, 2, error.help);
    throw error;
  });
  const place = relative(root, folder);
  if (context.json) process.stdout.write(`${JSON.stringify({ exercise: id, folder: place })}\n`);
  context.say(`Made ${place}/, a draft until a chapter of course.json lists it. It works as it is; make it yours:

  task.mdx       what to do, and why
  exercise.yaml  what it needs, its mistakes, its checks and their words
  exercise.ts    how the checks judge: the workload and the evidence
  solution/      passes every check
  starter/       compiles, and fails at the check that exercise.yaml names
  wrong/         a common mistake each, which must fail at the check that exercise.yaml names

Does it still hold?   npx grade verify ${id}
Step by step:         docs/writing-an-exercise.md
Undo:                 delete the folder, and its name in "drafts" of content/exercises/course.json`);
  return 0;
}
