/** How the checks judge that many exercises share. Their words are in content/exercises/shared-checks.yaml. */
import { describePlace, describeShape, type SharedCheck, type Told } from '../../course/shared-checks.ts';
import type { Kit } from '../kit.ts';
import type { Attached } from '../guest/loader.ts';
import { type AttachedTo, describeAttached } from '../scripts/script.ts';
import { expect, quote } from './expect.ts';
import type { Run } from './run.ts';

/** What the check was told below `with:`; the schema has seen to its shape. */
const told = <C extends SharedCheck>(check: Parameters<Run>[1]): Told<C> => check.with as Told<C>;

/** Those that need nothing but what exercise.yaml tells them. */
export const sharedRuns = {
  async compiles(kit, check) {
    await kit.program(told<'compiles'>(check).file).compile();
  },

  async loads(kit, check) {
    await kit.program(told<'loads'>(check).file).load();
  },

  /** At least one program of the file must be attached there, in the kernel's own words. */
  async attaches(kit, check) {
    const { file, ...wanted } = told<'attaches'>(check);
    const attached = await kit.program(file).attach();
    const links = attached.flatMap((program) => program.links);
    expect(
      links.some((link) => link.kind === wanted.kind && (wanted.target ?? link.target) === link.target),
      {
        text: `No program of ${file} is attached to the ${describePlace(wanted)}.`,
        expected: `The kernel shows a program at the ${describePlace(wanted)}.`,
        actual: attached.map(describeProgram).join(' ').slice(0, 2000),
      },
    );
  },

  /** The map is part of the task: others read it, so its name, type and sizes are fixed. */
  async map(kit, check) {
    const { file, name, ...wanted } = told<'map'>(check);
    const { about } = await kit.program(file).map(name);
    const { entries = about.maxEntries, minEntries = 0 } = wanted;
    const fits =
      about.maxEntries === entries &&
      about.maxEntries >= minEntries &&
      (wanted.type ?? about.type) === about.type &&
      (wanted.keySize ?? about.keySize) === about.keySize &&
      (wanted.valueSize ?? about.valueSize) === about.valueSize;
    expect(fits, {
      text: `The map ${name} is not of the kind that the task asks for.`,
      expected: `${describeShape(wanted)}.`,
      actual: `${describeShape({ ...about, ...((wanted.entries ?? wanted.minEntries) && { entries: about.maxEntries }) })}.`,
    });
  },
} satisfies Partial<Record<SharedCheck, Run>>;

/** The run that all checks of an exercise with a script share. */
type Start = (kit: Kit) => Promise<{ attached: AttachedTo[] }>;

/** For `uses: runs`: the script starts, its programs are accepted, and it waits for events. */
export function starts(start: (kit: Kit) => Promise<unknown>): Run {
  return async (kit) => void (await start(kit));
}

/** For `uses: script-attaches`: one of the places must be among those where the kernel says that the script's programs are. */
export function scriptAttaches(start: Start): Run {
  return async (kit, check) => {
    const { file, to: wanted } = told<'script-attaches'>(check);
    const place = wanted.map(describePlace).join(' or ');
    const { attached } = await start(kit);
    expect(
      attached.some((one) => wanted.some(({ kind, target }) => one.kind === kind && one.target === target)),
      {
        text: `${file} is attached, but not to the ${place}.`,
        expected: place,
        actual: describeAttached(attached),
      },
    );
  };
}

function describeProgram({ program, section, links }: Attached): string {
  const places =
    links.map(({ kind, target }) => (target ? `${kind} ${quote(target).slice(1, -1)}` : kind)).join(', ') ||
    'nothing that the kernel names';
  return `The kernel shows ${quote(program, 64)}, with SEC(${quote(section)}), at: ${places}.`;
}
