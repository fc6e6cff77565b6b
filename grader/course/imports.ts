/** Which files of the repository a TypeScript file runs with: its imports, and theirs. Types are none, for they are gone when it runs. */
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** What is imported from where; names are undefined where all of it is. */
export interface Import {
  from: string;
  names: readonly string[] | undefined;
}

const kitIndex = 'grader/kit/index.ts';

/**
 * Paths below `root`, sorted, the entries among them. Of `#kit` only the rooms count that the imported names come from, so that a
 * change of one room says nothing about those who do not use it. Packages are left out, and so is what `isLeftOut` says.
 */
export async function filesRunWith(
  root: string,
  entries: readonly string[],
  isLeftOut: (path: string) => boolean = () => false,
): Promise<string[]> {
  const found = new Set<string>();
  const rooms = entries.includes(kitIndex) ? new Map<string, string>() : await kitRooms(root);
  const visit = async (path: string): Promise<void> => {
    if (found.has(path) || isLeftOut(path)) return;
    found.add(path);
    const imports = importsOf(await readFile(join(root, path), 'utf8'));
    await Promise.all(imports.flatMap((one) => targetsOf(one, path, rooms)).map(visit));
  };
  await Promise.all(entries.map(visit));
  return [...found].sort();
}

/** The imports and re-exports of a file as our formatter writes it: each at the beginning of a line. */
export function importsOf(text: string): Import[] {
  const declared = [...text.matchAll(/^(?:import|export)\s+(?!type\s)(?:([^'";]*?)\s*from\s*)?'([^']+)'/gm)].map(
    ([, what = '', from]): Import => ({ from: from!, names: namesIn(what) }),
  );
  const later = [...text.matchAll(/\bimport\(\s*'([^']+)'/g)].map(([, from]): Import => ({
    from: from!,
    names: undefined,
  }));
  // A list of which only types are left imports nothing.
  return [...declared, ...later].filter(({ names }) => names === undefined || names.length > 0);
}

/** `{ a, type B, c as d }` is a and c; anything else is all that there is. */
function namesIn(what: string): string[] | undefined {
  const list = /^\{([^}]*)\}$/.exec(what.trim())?.[1];
  return list
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => name.split(/\s+as\s+/)[0]!);
}

function targetsOf({ from, names }: Import, importer: string, rooms: ReadonlyMap<string, string>): string[] {
  if (from === '#kit')
    return names?.every((name) => rooms.has(name)) ? names.map((name) => rooms.get(name)!) : [kitIndex];
  return from.startsWith('.') ? [join(importer, '..', from)] : [];
}

/** The file of each name that #kit exports. */
async function kitRooms(root: string): Promise<Map<string, string>> {
  const text = await readFile(join(root, kitIndex), 'utf8');
  return new Map(
    importsOf(text).flatMap(({ from, names = [] }) =>
      names.map((name) => [name, relative('.', join(kitIndex, '..', from))] as const),
    ),
  );
}
