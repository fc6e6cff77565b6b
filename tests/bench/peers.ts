/**
 * `npm run bench:peers`: the same test (load one BPF program, see it fire) by Hookpoint, by virtme-ng and by a plain QEMU boot, in one run on
 * this machine. Writes docs/performance.md, its picture, and every measurement.
 *
 *   --quick            a short run: two rounds, four exercises, nothing compiled; a whole one has ten, twenty, and takes an hour
 *   --rounds N         so many rounds, of two tests each for the long rows
 *   --exercises N      so many exercises for the course's own command
 *   --without-virtme   leaves virtme-ng out
 *   --to FOLDER        writes there instead of into docs/
 *   --render           measures nothing: writes the page again from the performance.json of that folder
 *
 * What is measured is written as it comes, so that a run that is interrupted is not lost. Nothing is installed, and nothing is left
 * behind. As root, for virtme-ng's guest changes its root folder; its mounts are its own.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toolkitPreparation } from '../../grader/cli/machines.ts';
import { endAllChildren, isEnding } from '../../grader/machine/child.ts';
import { silent } from '../../grader/machine/progress.ts';
import { kernelEntry, setUpVm } from '../../grader/machine/vm/vm.ts';
import { BenchFolder } from './peers/bench-folder.ts';
import { HandedIn } from './peers/exercises.ts';
import { machineFacts } from './peers/machine-facts.ts';
import { alwaysNeeds, complaint, missing, virtmeNeeds } from './peers/needs.ts';
import { pagePlot, plotFile, renderPage } from './peers/page.ts';
import { readOptions } from './peers/options.ts';
import { type Record, recordSchema } from './peers/record.ts';
import { Rounds, type Scale } from './peers/rounds.ts';
import { type Way, waysOf } from './peers/ways.ts';

// What was started ends, the run fails for that, and clears up.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void endAllChildren());

const options = readOptions(process.argv.slice(2));
if (typeof options === 'string') {
  process.stderr.write(`${options}\n`);
  process.exit(2);
}
const { to, withVirtme } = options;
const scale: Scale = options;

if (options.render) write(recordSchema.parse(JSON.parse(readFileSync(join(to, 'performance.json'), 'utf8'))));
else {
  const lacking = complaint(missing([...alwaysNeeds, ...(withVirtme ? virtmeNeeds : [])]));
  if (lacking !== undefined) {
    process.stderr.write(`${lacking}\n`);
    process.exitCode = 3;
  } else await run();
}

async function run(): Promise<void> {
  const vm = await setUpVm(await kernelEntry(undefined), await toolkitPreparation(), silent);
  const folder = await BenchFolder.make(vm, withVirtme);
  const handedIn = await HandedIn.make(scale.exercises);
  try {
    const ways = waysOf(vm, folder, withVirtme ? [] : ['virtme']);
    const facts = { machine: machineFacts(vm, withVirtme), disk: ways.map(onDisk) };
    const rounds = new Rounds(ways, handedIn, scale, say);
    const save = () => write({ ...facts, ...rounds.measurements });
    for (let i = 0; i < scale.rounds; i += 1) {
      await rounds.round(save);
    }
    await rounds.grade();
    save();
  } catch (error) {
    if (!isEnding()) throw error;
    process.exitCode = 130;
  } finally {
    await handedIn.clone.remove();
    await folder.remove();
  }
}

function say(line: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}

function onDisk({ id, keeps }: Way): Record['disk'][number] {
  const text = execFileSync('du', ['--summarize', '--total', '--block-size=1', ...keeps], { encoding: 'utf8' });
  return { way: id, bytes: Number(/^(\d+)\ttotal$/m.exec(text)![1]) };
}

function write(record: Record): void {
  writeFileSync(join(to, 'performance.json'), `${JSON.stringify(record, undefined, 1)}\n`);
  // Until the first round has got that far there is nothing to compare.
  if (!record.single.some(({ way, cold }) => way === 'restore' && !cold)) return;
  writeFileSync(join(to, 'performance.md'), renderPage(record));
  writeFileSync(join(to, plotFile), pagePlot(record));
}
