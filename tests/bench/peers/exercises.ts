/** Exercises for the course's own command: a copy of the repository in which a learner has handed in solutions. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { loadCourse } from '../../../grader/course/load.ts';
import { Clone, repository } from '../../support/clone.ts';
import type { Command } from './measure.ts';

export class HandedIn {
  readonly clone: Clone;
  readonly ids: readonly string[];

  private constructor(clone: Clone, ids: readonly string[]) {
    this.clone = clone;
    this.ids = ids;
  }

  /** So many exercises of the course, the first ones. */
  static async make(count: number): Promise<HandedIn> {
    const clone = await Clone.make();
    const chosen = (await loadCourse(repository)).slice(0, count);
    await copySolution(clone, 'programs/hello');
    for (const { id } of chosen) await copySolution(clone, id);
    return new HandedIn(
      clone,
      chosen.map(({ id }) => id),
    );
  }

  /** All of them, with so many jobs. */
  all(jobs: number): Command {
    return this.#grade([...this.ids, '--jobs', String(jobs)], `: ${this.ids.length} passed`);
  }

  /** The first page's exercise. `fresh` makes a source of it that nobody has compiled. */
  async hello(fresh: boolean): Promise<Command> {
    const path = this.clone.path(ownFolder('programs/hello'), 'hello.bpf.c');
    if (fresh) await writeFile(path, `${await readFile(path, 'utf8')}/* ${Math.random()} */\n`);
    return this.#grade(['programs/hello'], 'Passed');
  }

  #grade(args: readonly string[], says: string): Command {
    return {
      argv: [this.clone.path('grade'), ...args],
      cwd: this.clone.root,
      env: { USER: 'bench', SUDO_USER: 'bench', CI: '', LANG: 'C.UTF-8', NO_COLOR: '1' },
      says,
    };
  }
}

async function copySolution(clone: Clone, id: string): Promise<void> {
  const to = clone.path(ownFolder(id));
  await mkdir(dirname(to), { recursive: true });
  await cp(clone.path('content/exercises', id, 'solution'), to, { recursive: true });
}

function ownFolder(id: string): string {
  return `submissions/bench/${id}`;
}
