/** `grade progress`: what is remembered of a learner, in a file to take along, and from one: another clone's, or the site's. */
import { readFile } from 'node:fs/promises';
import { loadCourse } from '../course/load.ts';
import { stableIdOf } from '../course/exercise.ts';
import { learnerIn, reader, renderProgress } from '../course/progress-entries.ts';
import { type ParsedProgress, parseProgress, type ProgressFile } from '../course/progress-file.ts';
import { doneBy, mergeProgress, only } from '../course/progress-merge.ts';
import { loadProgress, updateProgress } from '../course/progress-store.ts';
import { writeWhole } from '../course/write-whole.ts';
import { renderNext } from '../report/next.ts';
import { plainLine } from '../verdict/text.ts';
import { CommandFailure, type Context } from './context.ts';
import { loginOf, type LearnerOptions } from './learner.ts';

export interface ProgressOptions extends LearnerOptions {
  export?: string;
  import?: string;
}

const largest = 16 * 1024 * 1024;

/** Throws CommandFailure if a file is no progress, or would be lost; nothing is changed then. */
export async function progress(context: Context, { as, export: to, import: from }: ProgressOptions): Promise<number> {
  const { root, screen } = context;
  const login = await loginOf(context, as);
  const before = await loadProgress(root, context.note);
  const imported = from === undefined ? null : await readProgressFile(from);
  if (imported) await importInto(context, login, imported);
  const all = imported ? await loadProgress(root) : before;
  if (to === '-') {
    process.stdout.write(renderProgress(only(all, login)));
    return 0;
  }
  if (to !== undefined) await writeTo(to, only(all, login));
  const now = doneBy(learnerIn(all, login));
  if (context.json) process.stdout.write(`${JSON.stringify({ login, ...now })}\n`);
  if (imported) {
    const earlier = doneBy(learnerIn(before, login));
    const fresh = {
      passed: now.passed.length - earlier.passed.length,
      practised: now.practised.length - earlier.practised.length,
      ticked: now.ticked.length - earlier.ticked.length,
      lessons: now.lessons.length - earlier.lessons.length,
    };
    context.say(`Imported from ${from}. New here: ${told(fresh)}.`);
    for (const other of Object.keys(imported.learners).filter((name) => name !== login && name !== reader)) {
      context.say(`It has progress of ${plainLine(other)} as well, who is not you (${login}). It is kept as theirs.`);
    }
  }
  context.say(`${login}, in all: ${told(now)}.`);
  if (to !== undefined)
    context.say(
      renderNext(
        [
          `Written to ${to}. Another clone takes it: npx grade progress --import ${to}`,
          'The site takes it on its page ‘Your progress’.',
        ],
        screen,
      ),
    );
  return 0;
}

async function importInto(context: Context, login: string, coming: ProgressFile): Promise<void> {
  const course = await loadCourse(context.root);
  const stableIds = Object.fromEntries(
    course.flatMap((exercise) => [exercise.id, ...(exercise.formerly ?? [])].map((id) => [id, stableIdOf(exercise)])),
  );
  await updateProgress(context.root, (here) => mergeProgress(here, coming, { stableIds, login }), context.note);
}

async function readProgressFile(path: string): Promise<ProgressFile> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailure(
      error.code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read: ${error.message}`,
      2,
      'Name a file that npx grade progress --export, or the page ‘Your progress’ of the site, has written.',
    );
  });
  const parsed: ParsedProgress =
    text.length > largest ? { problem: 'broken', detail: 'it is larger than 16 MiB' } : parseProgress(text);
  if ('progress' in parsed) return parsed.progress;
  const remedy =
    parsed.problem === 'newer'
      ? 'Bring the course up to date (git pull), then import it again.'
      : 'Name a file that npx grade progress --export, or the page ‘Your progress’ of the site, has written.';
  throw new CommandFailure(
    `${path} is not progress that can be imported: ${plainLine(parsed.detail, 300)}. Nothing was changed.`,
    2,
    remedy,
  );
}

/** Over an earlier export, and over nothing else. */
async function writeTo(path: string, progress: ProgressFile): Promise<void> {
  const there = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new CommandFailure(`${path} cannot be written: ${error.message}`, 2, 'Name another file.');
  });
  if (there !== null && !('progress' in parseProgress(there)))
    throw new CommandFailure(
      `${path} exists already, and is not a file of progress; it stays as it is.`,
      2,
      'Name another file.',
    );
  await writeWhole(path, renderProgress(progress)).catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailure(
      `${path} cannot be written: ${error.message}`,
      2,
      'Name a file in a folder that exists, and that you may write to.',
    );
  });
}

function told(done: Record<'passed' | 'practised' | 'ticked' | 'lessons', number | readonly string[]>): string {
  const [passed, practised, ticked, lessons] = [done.passed, done.practised, done.ticked, done.lessons].map((many) =>
    Math.max(0, typeof many === 'number' ? many : many.length),
  ) as [number, number, number, number];
  const parts = [
    `${counted(passed, 'exercise')} passed`,
    ...(practised > 0 ? [`${counted(practised, 'exercise')} practised on the site`] : []),
    ...(ticked > 0 ? [`${counted(ticked, 'exercise')} ticked on the site`] : []),
    `${counted(lessons, 'lesson')} read`,
  ];
  return parts.join(', ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
