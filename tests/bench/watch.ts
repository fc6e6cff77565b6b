/**
 * `npm run bench`, second part: how long a learner waits for a verdict, by `npx grade` and by a save under `grade watch`. Both
 * take turns, so that they see the same machine. Seconds depend on it; only the ratio within one run carries over.
 */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { Clone, pressCtrlC } from '../support/clone.ts';
import { spread } from './statistics.ts';

const runs = Number(process.argv[2] ?? 5);
const exercise = 'programs/hello';
/** Milliseconds between two saves: somebody edits for longer, and the next guest gets ready meanwhile. */
const editingMs = 8000;

const clone = await Clone.make();
try {
  const mine = clone.path('submissions/ada', exercise);
  await mkdir(mine, { recursive: true });
  await cp(clone.path('content/exercises', exercise, 'solution'), mine, { recursive: true });
  const file = join(mine, 'hello.bpf.c');
  const source = await readFile(file, 'utf8');
  const { child, ended } = clone.start(['watch', exercise, '--json']);
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  await lines.next();

  const commands: number[] = [];
  const saves: number[] = [];
  for (let i = 0; i < runs; i++) {
    await pause(editingMs);
    saves.push(
      await seconds(async () => {
        await writeFile(file, `${source}// ${i}\n`);
        const { value } = await lines.next();
        if (!value?.includes('"outcome":"pass"')) throw new Error(`the verdict of a save is no pass: ${value}`);
      }),
    );
    await pause(editingMs);
    commands.push(await seconds(() => clone.grade([exercise])));
  }
  pressCtrlC(child);
  await ended;
  const [command, save] = [report('npx grade, the whole command', commands), report('watch: save to verdict', saves)];
  console.log(`\ncommand : save, to the verdict  ${(command / save).toFixed(1)} : 1`);
} finally {
  await clone.remove();
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

/** Prints and returns the median. */
function report(what: string, all: number[]): number {
  const { median, least, most } = spread(all);
  console.log(`${what.padEnd(52)} ${median.toFixed(2).padStart(6)} s  (${least.toFixed(2)}–${most.toFixed(2)})`);
  return median;
}
