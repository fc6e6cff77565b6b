/** What can be changed in an object between opening and loading it. */
import { quote } from '../checks/expect.ts';
import { CheckFailure } from '../../verdict/failure.ts';
import { type Loader, word } from '../guest/loader.ts';
import type { BpfMap } from '../maps/map.ts';
import type { LoadedProgram } from './loaded-program.ts';

export interface Configuration {
  /** By the map's name in the object: a loaded map that it becomes, or how many entries it has. */
  maps?: Readonly<Record<string, BpfMap | { entries: number }>>;
  /** The programs that are loaded, by name; the others are left out. */
  load?: readonly string[];
  /** By the program's name: the function of the kernel, or of another program, that it traces or replaces. */
  targets?: Readonly<Record<string, { function: string; of?: LoadedProgram }>>;
}

/** `programs`: the names of all in the object. CheckFailure if a name is not in it. */
export async function configure(
  loader: Loader,
  file: string,
  programs: readonly string[],
  { maps = {}, load, targets = {} }: Configuration,
): Promise<void> {
  for (const [name, map] of Object.entries(maps)) {
    const reply =
      'entries' in map && typeof map.entries === 'number'
        ? await loader.ask('resize', name, String(map.entries))
        : await loader.ask('reuse', name, `#${await (map as BpfMap).id()}`);
    if (!reply.ok) throw refused(reply, file, `the map ${name}`);
  }
  for (const [name, { function: traced, of }] of Object.entries(targets)) {
    const reply = await loader.ask('target', name, of ? `#${await of.id()}` : '-', word(traced));
    if (!reply.ok) throw refused(reply, file, `the program ${name}`);
  }
  for (const name of load ? new Set([...programs, ...load]) : []) {
    const reply = await loader.ask('autoload', name, load!.includes(name) ? 'yes' : 'no');
    if (!reply.ok) throw refused(reply, file, `the program ${name}`);
  }
}

function refused(
  { errno, message, libbpf }: { errno: number; message: string; libbpf: string },
  file: string,
  what: string,
): Error {
  const enoent = 2;
  if (errno !== enoent) return new Error(`${file}: ${what} cannot be configured: ${message} ${libbpf.slice(0, 500)}`);
  return new CheckFailure({
    text: `${file} has not got ${quote(what).slice(1, -1)}.`,
    expected: 'The task fixes this name.',
    help: 'Compare the names in your source with the task, letter by letter.',
  });
}
