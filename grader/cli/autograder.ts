/** `grade export --format gradescope-autograder`: the zip that a teacher uploads to Gradescope, for one exercise. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { LoadedExercise } from '../course/exercise.ts';
import { askGit } from '../course/git.ts';
import { repositoryInPackage } from '../course/login.ts';
import { autograderFiles } from '../report/gradescope-autograder.ts';
import { plainLine } from '../verdict/text.ts';
import { CommandFailure, type Context } from './context.ts';
import { checkWritable } from './report-files.ts';

/** Of the course as it is committed here, in its own repository. */
export async function exportAutograder(
  context: Context,
  exercises: readonly LoadedExercise[],
  out: string | undefined,
): Promise<number> {
  const [exercise] = exercises;
  if (!exercise || exercises.length > 1)
    throw new CommandFailure(
      'An assignment of Gradescope is one exercise.',
      2,
      'Name it: npx grade export --format gradescope-autograder programs/hello --out autograder.zip',
    );
  if (out === undefined)
    throw new CommandFailure('A zip is not for the terminal.', 2, 'Say where it goes: --out autograder.zip');
  await checkWritable('--out', out);
  const files = autograderFiles({ ...(await sourceOf(context.root)), exercise: exercise.id });
  const zip = new ZipFile();
  for (const [name, text] of files)
    zip.addBuffer(Buffer.from(text), name, { mode: name === 'exercise' ? 0o100644 : 0o100755 });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(out));
  context.tell(
    `The autograder of ${exercise.id} is in ${plainLine(out)}. In Gradescope choose an image of Ubuntu 24.04, and allow 10 minutes.`,
  );
  return 0;
}

async function sourceOf(root: string): Promise<{ repository: string; commit: string }> {
  const { outcome, stdout: commit } = await askGit(root, ['rev-parse', '--verify', 'HEAD']);
  const { stdout: url } = await askGit(root, ['remote', 'get-url', 'origin']);
  const named = await repositoryInPackage(root);
  const repository = url.trim() || (named ? `https://github.com/${named.owner}/${named.name}.git` : '');
  if (outcome !== 'done' || repository === '')
    throw new CommandFailure(
      'Gradescope fetches the course from its repository, and this folder does not say where that is.',
      2,
      'git remote add origin <URL of your course>, push it, and export again.',
    );
  return { repository: repository.replace(/^git@github\.com:/, 'https://github.com/'), commit: commit.trim() };
}
