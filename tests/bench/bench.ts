/**
 * `npm run bench`: how long from nothing to a pristine kernel and to a verdict, cold and warm, beside the bare boot of the
 * same kernel as the floor. Seconds depend on the machine; only the ratios within one run carry over.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKit } from '../../grader/kit/kit.ts';
import { toolkitPreparation } from '../../grader/cli/machines.ts';
import { loadCode } from '../../grader/course/code.ts';
import { loadCourse } from '../../grader/course/load.ts';
import { readSubmission } from '../../grader/course/submission.ts';
import { MachineLost } from '../../grader/machine/machine.ts';
import { ObjectFolder } from '../../grader/machine/object-store.ts';
import { silent } from '../../grader/machine/progress.ts';
import { Guest } from '../../grader/machine/vm/guest.ts';
import { restoreState } from '../../grader/machine/vm/state.ts';
import { kernelEntry, setUpVm } from '../../grader/machine/vm/vm.ts';
import { judge } from '../../grader/verdict/judge.ts';
import { newSeed, Random } from '../../grader/verdict/random.ts';
import { spread } from './statistics.ts';

const root = join(import.meta.dirname, '../..');
const runs = Number(process.argv[2] ?? 5);
const exercise = (await loadCourse(root)).find(({ id }) => id === 'programs/hello')!;
const code = await loadCode(exercise);
const folder = join(exercise.folder, 'solution');
const read = await readSubmission(root, folder, exercise.files);
if ('problem' in read) throw new Error(read.problem.text);

const preparation = await toolkitPreparation();
const vm = await setUpVm(await kernelEntry(undefined), preparation, silent);
const { kernel, image, accelerator, state } = vm;
console.log(`Linux ${kernel.release}, ${accelerator}, ${runs} runs each, ${exercise.id}\n`);

const kept = await mkdtemp(join(tmpdir(), 'hookpoint-bench-'));
const objects = new ObjectFolder(kept);

async function verdictOn(guest: Guest, store?: ObjectFolder): Promise<void> {
  const seed = newSeed();
  const kit = createKit({
    machine: guest,
    random: new Random(seed),
    submission: 'submission' in read ? read.submission : { files: new Map() },
    objects: store,
  });
  const result = await judge({
    exercise,
    runs: code,
    kit,
    seed,
    submission: { folder, digest: null },
    machine: guest.info,
    saveLog: () => '',
  });
  kit.close();
  if (result.outcome !== 'pass') throw new Error(`the solution's verdict is ${result.outcome}`);
}

const boot = () =>
  Guest.start({ accelerator, files: kernel.files }, { kernel: kernel.release, arch: 'x86_64', image: image.digest });
const restore = () => restoreState(state, kernel, image, accelerator);
const nothing = async () => {};

const rows: [what: string, start: () => Promise<Guest>, then: (guest: Guest) => Promise<void>][] = [
  ['bare boot, first answer (the floor of a cold start)', boot, nothing],
  ['cold boot, tools prepared, verdict', boot, async (guest) => (await preparation.prepare(guest), verdictOn(guest))],
  ['restore, first answer (a pristine kernel)', restore, nothing],
  ['restore, verdict', restore, (guest) => verdictOn(guest)],
  ['restore, verdict, compiled before', restore, (guest) => verdictOn(guest, objects)],
];

// Fills the store.
const first = await restore();
await verdictOn(first, objects);
await first.stop();

const medians: number[] = [];
for (const [what, start, then] of rows) {
  const seconds: number[] = [];
  for (let i = 0; i < runs; i++) {
    const startedAt = performance.now();
    try {
      const guest = await start();
      await then(guest);
      seconds.push((performance.now() - startedAt) / 1000);
      await guest.stop();
    } catch (error) {
      if (!(error instanceof MachineLost && error.reason === 'panic')) throw error;
      console.log('A guest panicked under emulation; once more.');
      i--;
    }
  }
  const { median, least, most } = spread(seconds);
  medians.push(median);
  const ratio = `${(median / medians[0]!).toFixed(2)} × the bare boot`;
  console.log(
    `${what.padEnd(52)} ${median.toFixed(2).padStart(6)} s  (${least.toFixed(2)}–${most.toFixed(2)})  ${ratio}`,
  );
}
console.log(`\ncold : warm, to the verdict   ${(medians[1]! / medians[3]!).toFixed(1)} : 1`);
console.log(`compiled now : before         ${(medians[3]! / medians[4]!).toFixed(1)} : 1`);
console.log(`boot : restore, to an answer  ${(medians[0]! / medians[2]!).toFixed(1)} : 1`);
await rm(kept, { recursive: true, force: true });
