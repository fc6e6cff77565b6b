/** A new exercise from a template: complete and working, for its author to change step by step. */
import { randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { courseSchema, slug } from './schema.ts';
import { writeWhole } from './write-whole.ts';

/** Thrown before anything is written; `help` says what to do. */
export class ScaffoldError extends Error {
  override name = 'ScaffoldError';
  readonly help: string;
  constructor(message: string, help: string) {
    super(message);
    this.help = help;
  }
}

/** The templates that there are, such as 'xdp'. */
export async function kindsOfExercises(root: string): Promise<string[]> {
  return (await readdir(join(root, 'content', 'templates'), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/**
 * Copies the template of the kind to content/exercises/<id>, whole or not at all, and makes it a draft: course.json knows
 * it, and no learner is offered it. Returns the folder.
 */
export async function scaffold(
  root: string,
  { id, kind, title }: { id: string; kind: string; title?: string | undefined },
): Promise<string> {
  const [chapter = '', name = '', ...more] = id.split('/');
  if (more.length > 0 || !slug.safeParse(chapter).success || !slug.safeParse(name).success)
    throw new ScaffoldError(
      `‘${id}’ cannot be the name of an exercise.`,
      'Say <chapter>/<name>, each in lower case letters, digits and single hyphens: networking/drop-echo',
    );
  if (title !== undefined && (title.trim() === '' || title.length > 200))
    throw new ScaffoldError('The title is empty or too long.', 'Say it in 1 to 200 letters, or leave --title out.');
  const kinds = await kindsOfExercises(root);
  if (!kinds.includes(kind))
    throw new ScaffoldError(`There is no kind ‘${kind}’.`, `Choose one of: ${kinds.join(', ')}.`);
  const folder = join(root, 'content', 'exercises', chapter, name);
  const courseFile = join(root, 'content', 'exercises', 'course.json');
  const course = addDraft(await readFile(courseFile, 'utf8'), id);
  if (
    await stat(folder).then(
      () => true,
      () => false,
    )
  )
    throw new ScaffoldError(
      `content/exercises/${id} is there already.`,
      'Choose another name, or change what is there.',
    );

  const staging = join(root, '.grade', 'staging', randomUUID());
  try {
    await mkdir(dirname(staging), { recursive: true });
    await cp(join(root, 'content', 'templates', kind, 'exercise'), staging, { recursive: true });
    for (const file of ['exercise.ts', 'exercise.yaml']) {
      const text = (await readFile(join(staging, file), 'utf8')).replace(/^ *(?:\/\/|#) #(region|endregion).*\n/gm, '');
      await writeFile(
        join(staging, file),
        text.replace(
          /^title: A title$/m,
          () => `title: ${JSON.stringify((title ?? titleOf(name)).replace(/[\n\r]+/g, ' '))}`,
        ),
      );
    }
    await mkdir(dirname(folder), { recursive: true });
    await rename(staging, folder);
    await writeWhole(courseFile, course);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return folder;
}

/** The text of course.json with one more draft, else as it was written. */
export function addDraft(text: string, id: string): string {
  const before = courseSchema.parse(JSON.parse(text));
  const drafts = [...(before.drafts ?? [])];
  if (
    drafts.includes(id) ||
    before.chapters.some(({ name, exercises }) => exercises.some((exercise) => `${name}/${exercise}` === id))
  )
    throw new ScaffoldError(
      `content/exercises/course.json has ${id} already.`,
      'Choose another name, or change what is there.',
    );
  if (before.formerly?.[id] !== undefined)
    throw new ScaffoldError(
      `${id} was once the name of ${before.formerly[id]}.`,
      'Choose another name: learners’ progress may be kept under this one.',
    );
  const line = `"drafts": ${JSON.stringify([...drafts, id]).replaceAll(',', ', ')}`;
  return before.drafts
    ? text.replace(/"drafts"\s*:\s*\[[^\]]*\]/, () => line)
    : text.replace(/\s*\}\s*$/, () => `,\n  ${line}\n}\n`);
}

/** 'drop-echo' -> 'Drop echo' */
function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words[0]!.toUpperCase() + words.slice(1);
}
