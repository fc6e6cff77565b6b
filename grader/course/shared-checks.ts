/**
 * Checks that exercises share. Those of the whole course have their words in content/exercises/shared-checks.yaml, are told below
 * `with:` what they need to know, and the kit says how they judge. A chapter may have more, of words alone, in
 * content/exercises/<chapter>/shared-checks.yaml.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { checkWords, slug } from './check-words.ts';
import { CourseError } from './course-error.ts';

const file = z.string().max(100);

const attachment = z.strictObject({
  /** As the kernel calls it: 'tracepoint', 'kprobe', 'uprobe', 'raw_tracepoint', or the type of link, such as 'tracing'. */
  kind: z.string().max(40),
  /** As the kernel calls it: 'sys_enter_execve'. Left out: any. */
  target: z.string().max(200).optional(),
});

/** By name; `file` is the exercise's first file unless it is said. */
export const sharedChecks = {
  compiles: z.strictObject({ file }),
  loads: z.strictObject({ file }),
  attaches: attachment.extend({ file }),
  map: z.strictObject({
    file,
    name: z.string().max(64),
    /** As libbpf calls it: 'hash', 'percpu_array', 'ringbuf', 'prog_array'. What is left out here is not looked at. */
    type: z.string().max(40).optional(),
    /** Bytes. */
    keySize: z.int().min(0).optional(),
    valueSize: z.int().min(0).optional(),
    /** max_entries, where the task says to leave the number; of a ring buffer, bytes. */
    entries: z.int().min(1).optional(),
    /** Where it asks for room for so many. */
    minEntries: z.int().min(1).optional(),
  }),
  runs: z.strictObject({ file }),
  'script-attaches': z.strictObject({
    file,
    /** One of these. */
    to: z.array(attachment.required()).min(1),
  }),
} satisfies Record<string, z.ZodType>;

export type SharedCheck = keyof typeof sharedChecks;
/** What a shared check is told. */
export type Told<C extends SharedCheck> = z.output<(typeof sharedChecks)[C]>;
export type Attachment = z.output<typeof attachment>;
export type MapShape = Omit<Told<'map'>, 'file'>;

export function isSharedCheck(name: string): name is SharedCheck {
  return Object.hasOwn(sharedChecks, name);
}

export const sharedChecksFile = 'content/exercises/shared-checks.yaml';

const checkSchema = z.strictObject({ ...checkWords, after: z.array(slug).optional() });
const courseWords = z.record(z.enum(Object.keys(sharedChecks) as [SharedCheck, ...SharedCheck[]]), checkSchema);
const chapterWords = z.record(slug, checkSchema);
export type SharedWords = z.output<typeof chapterWords>;

/** By chapter, what its exercises may use: the course's shared checks, and its own. Throws CourseError. */
export async function readSharedWords(root: string, chapters: readonly string[]): Promise<Map<string, SharedWords>> {
  const read = async <S extends z.ZodType>(file: string, schema: S): Promise<z.output<S> | undefined> => {
    try {
      const text = await readFile(join(root, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      return text === undefined ? undefined : schema.parse(parse(text));
    } catch (error) {
      throw new CourseError([`${file}: ${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}`]);
    }
  };
  const everywhere = (await read(sharedChecksFile, courseWords)) ?? {};
  const own = await Promise.all(
    chapters.map((chapter) => read(`content/exercises/${chapter}/shared-checks.yaml`, chapterWords)),
  );
  return new Map(chapters.map((chapter, i) => [chapter, { ...own[i], ...everywhere }]));
}

/** Words with {file}, {place}, {map} and {shape} filled in. */
export function fillIn<T>(words: T, told: Readonly<Record<string, unknown>>): T {
  const { file, name, to, kind, target, ...map } = told as Partial<
    Told<'map'> & Told<'script-attaches'> & Told<'attaches'>
  >;
  const places = to ?? (kind === undefined ? [] : [{ kind, ...(target !== undefined && { target }) }]);
  const values: Record<string, string> = {
    file: file ?? '',
    place: places.map(describePlace).join(' or '),
    map: name ?? '',
    shape: describeShape(map),
  };
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string')
      return value.replace(/\{(file|place|map|shape)\}/g, (_, key: string) => values[key]!);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one)]));
  };
  return fill(words) as T;
}

/** 'tracepoint sys_enter_execve' */
export function describePlace({ kind, target = '' }: Attachment): string {
  return target ? `${kind} ${target}` : kind;
}

/** 'hash, key of 4 bytes, value of 8 bytes' */
export function describeShape({ type, keySize, valueSize, entries, minEntries }: Partial<MapShape>): string {
  return [
    type,
    keySize && `key of ${keySize} bytes`,
    valueSize && `value of ${valueSize} bytes`,
    entries && `max_entries ${entries}`,
    minEntries && `room for at least ${minEntries} rows`,
  ]
    .filter(Boolean)
    .join(', ');
}
