/** A tree of cgroups for a workload: made below one folder of the kit's own, and gone with it. */
import type { Machine } from '../../machine/machine.ts';
import type { Random } from '../../verdict/random.ts';

const root = '/sys/fs/cgroup';

export class Cgroups {
  readonly #machine: Machine;
  readonly #random: Random;
  readonly #made: string[] = [];

  constructor(machine: Machine, random: Random) {
    this.#machine = machine;
    this.#random = random;
  }

  /**
   * Makes cgroups with these '/'-separated names, and those between; the paths in the same order. The folder that they lie in has a name
   * that nobody can know.
   *
   * ```ts
   * const [web, worker] = await kit.cgroups.make(['web', 'web/worker']);
   * await kit.processes.perform([{ action: 'connect', protocol: 'tcp', address: '127.0.0.1', port, in: worker }]);
   * ```
   */
  async make<const Names extends readonly string[]>(names: Names): Promise<{ [Index in keyof Names]: string }> {
    const wrong = names.find(
      (name) => !/^[a-z0-9]+(?:[-_][a-z0-9]+)*(?:\/[a-z0-9]+(?:[-_][a-z0-9]+)*){0,7}$/.test(name),
    );
    if (wrong !== undefined) throw new RangeError(`${JSON.stringify(wrong)} is no name for a cgroup.`);
    const top = `${root}/kit-${this.#random.name(10)}`;
    const paths = names.map((name) => `${top}/${name}`);
    const { code, stderr } = await this.#machine.run(['mkdir', '-p', '--', ...paths]);
    if (code !== 0) throw new Error(`Cgroups cannot be made: ${stderr.slice(0, 500)}`);
    this.#made.push(top);
    return paths as { [Index in keyof Names]: string };
  }

  /**
   * A tree that is drawn: `count` cgroups (2 to 100), each below one of those before or at the top, at most `depth` deep.
   *
   * `const paths = await kit.cgroups.draw({ count: 8, depth: 3 });`
   */
  draw({ count, depth }: { count: number; depth: number }): Promise<string[]> {
    const names: string[] = [];
    while (names.length < count) {
      const parents = ['', ...names.filter((name) => name.split('/').length < depth)];
      const parent = this.#random.pick(parents);
      const name = [parent, this.#random.name(6)].filter(Boolean).join('/');
      if (!names.includes(name)) names.push(name);
    }
    return this.make(names) as Promise<string[]>;
  }

  /** Children before their parents. What still runs in them goes to where it was put from; on a guest nobody minds what is left. */
  async close(): Promise<void> {
    for (const top of this.#made.splice(0))
      await this.#machine
        .run(['find', top, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';'])
        .catch(() => undefined);
  }
}
