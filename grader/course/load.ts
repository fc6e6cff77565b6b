/** Finds and reads the exercises, in the course's order. Nothing of theirs is run: their code is code.ts's business. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { CourseError } from './course-error.ts';
import { readCourseList } from './course-list.ts';
import type { LoadedExercise } from './exercise.ts';
import { checkFolders } from './folders.ts';
import { complaint, exerciseSchema } from './schema.ts';
import { readSharedWords, type SharedWords } from './shared-checks.ts';
import { wrongStages } from './stages.ts';

export { CourseError };

/**
 * All exercises of the course below `root`, the repository, and of its drafts those that somebody named: by id, name or a
 * path. Another author's draft may be broken without harm to anybody else. `templates/<kind>` is what `grade new` copies. Throws
 * CourseError.
 */
export async function loadCourse(root: string, named: readonly string[] = []): Promise<LoadedExercise[]> {
  const home = join(root, 'content', 'exercises');
  const { ids, drafts, formerly } = await readCourseList(root);
  const wanted = drafts.filter(
    (id) =>
      !ids.includes(id) &&
      named.some((text) =>
        resolve(text)
          .split(sep)
          .includes(id.slice(id.indexOf('/') + 1)),
      ),
  );
  const templates = named.filter((text) => /^templates\/[a-z-]+$/.test(text));
  const all = [...ids, ...wanted, ...templates];
  const chapterOf = (id: string) => id.split('/')[0]!;
  const shared = await readSharedWords(root, [...new Set(all.map(chapterOf))]);
  const loaded = await Promise.all(all.map((id) => readExercise(root, id, shared.get(chapterOf(id))!)));
  const problems = [
    ...(await unlisted(root, home, [...ids, ...drafts])),
    ...loaded.flatMap((one) => ('problems' in one ? one.problems : [])),
  ];
  const exercises = loaded.flatMap((one) => ('exercise' in one ? [one.exercise] : []));
  problems.push(...wrongStages(exercises, [...ids, ...drafts]));
  if (problems.length > 0) throw new CourseError(problems);
  return loaded.flatMap((one) => ('exercise' in one ? [{ ...one.exercise, formerly: formerly(one.exercise.id) }] : []));
}

async function readExercise(
  root: string,
  id: string,
  shared: SharedWords,
): Promise<{ exercise: LoadedExercise } | { problems: string[] }> {
  const kind = /^templates\/(.*)$/.exec(id)?.[1];
  const folder =
    kind === undefined ? join(root, 'content', 'exercises', id) : join(root, 'content', 'templates', kind, 'exercise');
  const at = relative(root, join(folder, 'exercise.yaml'));
  const text = await readFile(join(folder, 'exercise.yaml'), 'utf8').catch((error: NodeJS.ErrnoException) => error);
  if (text instanceof Error) return { problems: [`${at}: cannot be read: ${text.message}`] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0)
    return { problems: document.errors.map(({ message }) => `${at}: ${message.split('\n')[0]}`) };
  const parsed = exerciseSchema(shared).safeParse(document.toJS());
  if (!parsed.success)
    return {
      problems: parsed.error.issues.map((issue) => {
        const line = lineOf(document, lines, issue.path);
        return `${at}${line === undefined ? '' : `:${line}`}: ${complaint(issue)}`;
      }),
    };
  const exercise: LoadedExercise = { ...parsed.data, id, folder };
  const problems = (await checkFolders(exercise)).map((problem) => `${relative(root, folder)}/${problem}`);
  return problems.length > 0 ? { problems } : { exercise };
}

/** The line of the innermost part of the path that is there. */
function lineOf(
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: readonly PropertyKey[],
): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

/** An exercise that nobody listed would never be graded, and nobody would notice. */
async function unlisted(root: string, home: string, ids: readonly string[]): Promise<string[]> {
  const chapters = await readdir(home, { withFileTypes: true });
  const found = await Promise.all(
    chapters
      .filter((chapter) => chapter.isDirectory())
      .map(async ({ name }) =>
        (await readdir(join(home, name), { withFileTypes: true }))
          .filter((entry) => entry.isDirectory())
          .map((entry) => `${name}/${entry.name}`),
      ),
  );
  const unknown = found.flat().filter((id) => !ids.includes(id));
  const exercises = await Promise.all(
    unknown.map(async (id) => ((await readdir(join(home, id))).includes('exercise.yaml') ? [id] : [])),
  );
  return exercises
    .flat()
    .map((id) => `${relative(root, join(home, id))}/exercise.yaml: is not listed in content/exercises/course.json`);
}
