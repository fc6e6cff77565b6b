/** `grade export --format gradescope-autograder` and `classroom50-autograder`: what a teacher gives to another platform, for one exercise. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { LoadedExercise } from '../course/exercise.ts';
import { askGit } from '../course/git.ts';
import { repositoryInPackage } from '../course/login.ts';
import { writeWhole } from '../course/write-whole.ts';
import { readManifest } from '../machine/published/manifest.ts';
import { renderClassroom50Autograder } from '../report/classroom50-autograder.ts';
import type { AutograderName } from '../report/export-names.ts';
import { type Autograder, autograderFiles } from '../report/gradescope-autograder.ts';
import { plainLine } from '../verdict/text.ts';
import { CommandFailure, type Context } from './context.ts';
import { checkWritable } from './report-files.ts';

interface Kind {
  platform: string;
  usualFile: string;
  write: (out: string, autograder: Autograder) => Promise<unknown>;
  next: string;
}

const kinds: Readonly<Record<AutograderName, Kind>> = {
  'gradescope-autograder': {
    platform: 'Gradescope',
    usualFile: 'autograder.zip',
    write: writeZip,
    next: 'In Gradescope choose an image of Ubuntu 24.04, at least 2 CPUs and 3 GB of memory, and a time limit of 20 minutes.',
  },
  'classroom50-autograder': {
    platform: 'Classroom 50',
    usualFile: 'autograder.py',
    write: (out, autograder) => writeWhole(out, renderClassroom50Autograder(autograder)),
    next: 'Put it into your classroom50 repository as CLASSROOM/autograders/ASSIGNMENT/autograder.py; its first lines say which runtime the assignment needs.',
  },
};

/** Of the course as it is committed here, in its own repository. */
export async function exportAutograder(
  context: Context,
  format: AutograderName,
  exercises: readonly LoadedExercise[],
  out: string | undefined,
): Promise<number> {
  const { platform, usualFile, write, next } = kinds[format];
  const [exercise] = exercises;
  if (!exercise || exercises.length > 1)
    throw new CommandFailure(
      `An assignment of ${platform} is one exercise.`,
      2,
      `Name it: npx grade export --format ${format} programs/hello --out ${usualFile}`,
    );
  if (out === undefined)
    throw new CommandFailure('It is not for the terminal.', 2, `Say where it goes: --out ${usualFile}`);
  await checkWritable('--out', out);
  const files = Object.keys(exercise.files).sort();
  const source = await sourceOf(context.root, platform);
  await write(out, { ...source, exercise: exercise.id, files });
  // Said once more: there it would be a line in the log of a build.
  if (!(await isPushed(context.root)))
    context.note(
      `No remote has the commit ${source.commit.slice(0, 10)}, as far as this clone knows, and ${platform} fetches it from there: push it before you upload.`,
    );
  if (format === 'gradescope-autograder') await noteGuest(context);
  context.tell(`The autograder of ${exercise.id} is in ${plainLine(out)}. ${next}`);
  return 0;
}

/** What is not published is built, which is more than most containers allow. */
async function noteGuest({ root, note }: Context): Promise<void> {
  const { entries } = await readManifest(join(root, 'environment/published.json'));
  if (entries.length === 0)
    note(
      'This course has not published its guest, so setup.sh builds it there, and must be allowed to mount /proc. Most containers forbid that: publish it first, as docs/releases.md says.',
    );
}

async function writeZip(out: string, autograder: Autograder): Promise<void> {
  const zip = new ZipFile();
  for (const [name, text] of autograderFiles(autograder))
    zip.addBuffer(Buffer.from(text), name, { mode: name === 'exercise' ? 0o100644 : 0o100755 });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(out));
}

async function sourceOf(root: string, platform: string): Promise<{ repository: string; commit: string }> {
  const { outcome, stdout: commit } = await askGit(root, ['rev-parse', '--verify', 'HEAD']);
  const { stdout: url } = await askGit(root, ['remote', 'get-url', 'origin']);
  const named = await repositoryInPackage(root);
  const repository = url.trim() || (named ? `https://github.com/${named.owner}/${named.name}.git` : '');
  if (outcome !== 'done' || repository === '')
    throw new CommandFailure(
      `${platform} fetches the course from its repository, and this folder does not say where that is.`,
      2,
      'git remote add origin <URL of your course>, push it, and export again.',
    );
  return { repository: readable(repository), commit: commit.trim() };
}

/** As anybody can fetch it: not by the key of whoever exports, and without a password or token that their git has. */
function readable(url: string): string {
  const [, host, path] = /^(?:ssh:\/\/)?git@([\w.-]+)[:/](.+)$/.exec(url) ?? [];
  if (host && path) return `https://${host}/${path}`;
  return url.replace(/^(https?:\/\/)[^/@]*@/, '$1');
}

async function isPushed(root: string): Promise<boolean> {
  const { stdout } = await askGit(root, ['for-each-ref', '--contains', 'HEAD', '--count=1', 'refs/remotes/']);
  return stdout.trim() !== '';
}
