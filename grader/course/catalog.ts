/**
 * The course as `list`, `task`, `hint` and completion read it: kept in .grade/catalog.json until a file that it is made of
 * changes, for to read and check it anew (load.ts) takes longer than all else that these commands do.
 */
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadedExercise } from './exercise.ts';
import { findExercise } from './find.ts';
import { type Path, pathsFile } from './paths.ts';
import { writeWhole } from './write-whole.ts';

export interface Catalog {
  /** In the order in which they are learnt. */
  exercises: LoadedExercise[];
  chapters: { name: string; title: string; /** Ids. */ exercises: string[] }[];
  paths: Path[];
}

interface Kept extends Catalog {
  /** By path below the repository: size and time of what it was made of. */
  of: Record<string, string>;
}

const keptAt = '.grade/catalog.json';

/** Code whose change may change what is derived. */
const code = ['catalog', 'check-words', 'course-list', 'exercise', 'load', 'read-paths', 'schema', 'shared-checks'].map(
  (name) => `grader/course/${name}.ts`,
);

/** With a draft that is `named` among the exercises. Throws CourseError. */
export async function readCatalog(root: string, named?: string): Promise<Catalog> {
  const catalog = (await readKept(root)) ?? (await derive(root));
  if (named === undefined || 'exercise' in (await findExercise(catalog.exercises, named))) return catalog;
  const { loadCourse } = await import('./load.ts');
  return { ...catalog, exercises: await loadCourse(root, [named]) };
}

async function derive(root: string): Promise<Catalog> {
  const [{ loadCourse }, { readCourseList }, { readPaths }] = await Promise.all([
    import('./load.ts'),
    import('./course-list.ts'),
    import('./read-paths.ts'),
  ]);
  const { ids, chapters } = await readCourseList(root);
  // Before they are read: what changes meanwhile is read once more the next time.
  const home = 'content/exercises';
  const shared = ['', ...chapters.map(({ name }) => `${name}/`)].map((at) => `${home}/${at}shared-checks.yaml`);
  const sources = [
    ...code,
    pathsFile,
    `${home}/course.json`,
    ...shared,
    ...ids.map((id) => `${home}/${id}/exercise.yaml`),
  ];
  const of = Object.fromEntries(await Promise.all(sources.map(async (path) => [path, await stampOf(root, path)])));
  const exercises = await loadCourse(root);
  const paths = await readPaths(root, ids);
  const text = JSON.stringify({ of, chapters, paths, exercises } satisfies Kept);
  // Where nothing can be written, it is read anew each time.
  await mkdir(join(root, '.grade'), { recursive: true })
    .then(() => writeWhole(join(root, keptAt), text))
    .catch(() => {});
  return revived(root, JSON.parse(text) as Kept);
}

async function readKept(root: string): Promise<Catalog | null> {
  try {
    const kept = JSON.parse(await readFile(join(root, keptAt), 'utf8')) as Kept;
    const changed = await Promise.all(
      Object.entries(kept.of).map(async ([path, stamp]) => (await stampOf(root, path)) !== stamp),
    );
    if (changed.includes(true)) return null;
    return revived(root, kept);
  } catch {
    return null;
  }
}

/** The repository may have moved. */
function revived(root: string, { exercises, chapters, paths }: Kept): Catalog {
  const found = exercises.map((one) => ({ ...one, folder: join(root, 'content/exercises', one.id) }));
  return { exercises: found, chapters, paths };
}

async function stampOf(root: string, path: string): Promise<string> {
  return stat(join(root, path)).then(
    ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
    () => 'missing',
  );
}
