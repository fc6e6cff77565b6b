/**
 * `npm test`: everything, in two lanes side by side, for set-up and guests leave processors idle that the site's tests can use. Lighthouse
 * measures, so nothing else runs meanwhile. A part that fails keeps back only what needs it. At the end, how long each part took.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';

interface Part {
  name: string;
  command: string;
  /** Nothing behind it in its lane can be run without it. */
  isNeeded?: true;
}

const lighthouse = 'tests/site/lighthouse.test.ts';

// Both that come first may install packages, and only one at a time can.
const first: Part[] = [{ name: 'browser', command: 'node tests/support/install-chromium.ts --yes', isNeeded: true }];
const lanes: Part[][] = [
  [
    { name: 'set-up', command: './grade setup --yes', isNeeded: true },
    { name: 'kernel', command: 'vitest run --project kernel' },
  ],
  [
    { name: 'lint', command: 'npm run --silent lint' },
    { name: 'types', command: 'npm run --silent types' },
    { name: 'unit', command: 'vitest run --project unit --project github' },
    { name: 'site', command: `vitest run --project site --exclude ${lighthouse}` },
  ],
];
const last: Part[] = [{ name: 'lighthouse', command: `vitest run --project site ${lighthouse}` }];

type Outcome = 'passed' | 'failed' | 'not run';
const ended: { name: string; outcome: Outcome; seconds: number }[] = [];
/** The last lines of each part that failed: said once more at the end, where they are found. */
const lastWords: string[] = [];
const keptLines = 150;
/** Of what vitest says of one failure. */
const keptOfFailure = 20;
/** Each test that failed and the first lines of why, said last of all: some keep only the end of a log. */
const failures: string[] = [];
const keptOfReason = 4;
const widest = Math.max(...[...first, ...lanes.flat(), ...last].map(({ name }) => name.length));

const site = await mkdtemp(join(tmpdir(), 'hookpoint-site-'));
const begin = performance.now();
try {
  const ready = await runLane(first);
  if (ready) await Promise.all(lanes.map(runLane));
  if (ready) await runLane(last);
} finally {
  await rm(site, { recursive: true, force: true });
}
process.stdout.write(`\n${[...lastWords, '', table(), '', ...failures].join('\n')}\n`);
process.exitCode = ended.every(({ outcome }) => outcome === 'passed') ? 0 : 1;

/** Whether all that is needed passed. */
async function runLane(parts: readonly Part[]): Promise<boolean> {
  let ready = true;
  for (const part of parts) {
    const since = performance.now();
    const outcome = !ready ? 'not run' : (await run(part)) === 0 ? 'passed' : 'failed';
    ended.push({ name: part.name, outcome, seconds: (performance.now() - since) / 1000 });
    if (part.isNeeded && outcome !== 'passed') ready = false;
  }
  return ready;
}

/** Its output line by line, each with the part's name before it; its exit code. */
async function run({ name, command }: Part): Promise<number | null> {
  const env = { ...process.env, BUILT_SITE: site, PATH: `node_modules/.bin:${process.env.PATH}` };
  const child = spawn('sh', ['-c', command], {
    cwd: join(import.meta.dirname, '..'),
    env,
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  /** Lines since the head of the last failure; none yet: all are kept. */
  let sinceFailure: number | null = null;
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (text) => {
      const line = `${name.padEnd(widest)} │ ${text}`;
      process.stdout.write(`${line}\n`);
      const plain = stripVTControlCharacters(text).trimStart();
      // What vitest says of failures comes after all that it says of what passed.
      if (plain.startsWith('✓')) return;
      if (sinceFailure !== null) sinceFailure += 1;
      if (plain.startsWith('FAIL ')) {
        sinceFailure = 0;
        failures.push(plain);
      } else if (sinceFailure !== null && sinceFailure <= keptOfReason && plain) failures.push(`       ${plain}`);
      if ((sinceFailure ?? 0) <= keptOfFailure && lines.push(line) > keptLines) lines.shift();
    });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) lastWords.push(`What ${name} said last:`, ...lines);
  return code;
}

function table(): string {
  const row = (name: string, seconds: number, outcome: string) =>
    `${name.padEnd(widest)}  ${(seconds / 60).toFixed(1).padStart(7)}  ${outcome}`;
  return [
    `${'part'.padEnd(widest)}  minutes`,
    ...ended.map(({ name, outcome, seconds }) => row(name, seconds, outcome)),
    row('all', (performance.now() - begin) / 1000, 'from beginning to end, side by side'),
  ].join('\n');
}
