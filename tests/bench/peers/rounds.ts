/**
 * The measurements, in rounds in which everybody takes a turn: whatever else the machine has to do hits all alike. A round has each
 * test once, cold and warm, the verdicts, and two tests one after another and side by side.
 */
import { isEnding } from '../../../grader/machine/child.ts';
import type { HandedIn } from './exercises.ts';
import { type Command, measure, type Measured } from './measure.ts';
import { makeCold } from './page-cache.ts';
import type { Record } from './record.ts';
import type { Test } from './scripts.ts';
import type { Way } from './ways.ts';

export interface Scale {
  rounds: number;
  /** Exercises of the course for its own command. */
  exercises: number;
  /** Whether the guest compiles, too. */
  source: boolean;
}

export type Measurements = Pick<Record, 'single' | 'verdict' | 'many' | 'again'>;

/** Under emulation a guest panics now and then: a run that fails is made again, and said. */
const tries = 3;

export class Rounds {
  readonly #handedIn: HandedIn;
  readonly #say: (line: string) => void;
  readonly #again: string[] = [];
  readonly #byGrade: Record['many']['byGrade'] = [];
  readonly #single;
  readonly #pairs;
  readonly #verdict = (['before', 'now'] as const).map((compiled) => ({ compiled, rounds: [] as Measured[] }));
  #done = 0;

  constructor(ways: readonly Way[], handedIn: HandedIn, { source }: Scale, say: (line: string) => void) {
    this.#handedIn = handedIn;
    this.#say = say;
    const tests: Test[] = source ? ['object', 'source'] : ['object'];
    this.#single = tests.flatMap((test) =>
      ways.flatMap((way) => [true, false].map((cold) => ({ way, test, cold, rounds: [] as Measured[] }))),
    );
    this.#pairs = ways.flatMap((way) => [1, 2].map((jobs) => ({ way, jobs, parts: [] as Measured[] })));
  }

  /** `save` is called whenever there is more to be kept: a run takes long, and may be interrupted. */
  async round(save: () => void): Promise<void> {
    const round = `round ${this.#done + 1}`;
    for (const { compiled, rounds } of this.#verdict.toReversed()) {
      const command = await this.#handedIn.hello(compiled === 'now');
      rounds.push(await this.#run(`${round}, verdict, compiled ${compiled}`, [command]));
    }
    // Cold first: the warm run finds in memory what the cold one has read.
    for (const { way, test, cold, rounds } of this.#single) {
      const what = `${round}, ${way.id}, ${test}, ${cold ? 'cold' : 'warm'}`;
      rounds.push(await this.#run(what, [way.command(test)], cold ? () => makeCold(way.reads) : undefined));
      save();
    }
    for (const { way, jobs, parts } of this.#pairs) {
      for (let i = 0; i < 2; i += jobs) {
        const commands = Array.from({ length: jobs }, () => way.command('object'));
        parts.push(await this.#run(`${round}, ${way.id}, ${jobs} at a time`, commands));
      }
      save();
    }
    this.#done += 1;
  }

  /** The course's own command with all exercises. The first time does not count: it compiles, and fills caches. */
  async grade(): Promise<void> {
    await this.#run('all exercises, not counted', [this.#handedIn.all(2)]);
    for (const jobs of [1, 2])
      this.#byGrade.push({ jobs, total: await this.#run(`all exercises, --jobs ${jobs}`, [this.#handedIn.all(jobs)]) });
  }

  get measurements(): Measurements {
    return {
      single: this.#single
        .filter(({ rounds }) => rounds.length > 0)
        .map(({ way, ...cell }) => ({ ...cell, way: way.id })),
      verdict: this.#verdict.filter(({ rounds }) => rounds.length > 0),
      many: {
        byWay: this.#pairs.flatMap(({ way, jobs, parts }) =>
          parts.length === 0 ? [] : [{ way: way.id, jobs, tests: parts.length * jobs, total: total(parts) }],
        ),
        exercises: this.#handedIn.ids.length,
        byGrade: this.#byGrade,
      },
      again: this.#again,
    };
  }

  async #run(what: string, commands: readonly Command[], before?: () => void): Promise<Measured> {
    for (let left = tries; ; left -= 1) {
      before?.();
      try {
        const measured = await measure(commands);
        this.#say(`${what}: ${measured.seconds.toFixed(2)} s, ${measured.cpuSeconds.toFixed(2)} s of processor`);
        return measured;
      } catch (error) {
        if (left === 1 || isEnding()) throw error;
        const why = (error as Error).message;
        this.#again.push(`${what}: ${why.split('\n')[0]}`);
        this.#say(`${what}: once more. ${why}`);
      }
    }
  }
}

/** One after another: times add up, memory does not. */
export function total(parts: readonly Measured[]): Measured {
  const sum = (what: 'seconds' | 'cpuSeconds') => parts.reduce((all, part) => all + part[what], 0);
  const most = (what: 'rss' | 'pss' | 'load') => Math.max(...parts.map((part) => part[what]));
  return {
    seconds: sum('seconds'),
    cpuSeconds: sum('cpuSeconds'),
    rss: most('rss'),
    pss: most('pss'),
    load: most('load'),
  };
}
