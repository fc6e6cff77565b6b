/** Records for the chapter on setting up: what the `grade` command says on a machine that has just been set up. */
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../grader/machine/cache.ts';
import { listKernels } from '../../grader/machine/vm/kernels.ts';
import { recordingFile, writtenRecording, type Recording } from '../../site/course/recordings.ts';
import { Clone, repository } from './clone.ts';
import { withoutChance } from './record.ts';

/** By id; each in a clone of its own. */
const sessions: Record<string, { before?: string[]; commands: string[] }> = {
  'setup/doctor': { commands: ['doctor'] },
  'setup/guest': { commands: ['shell -- uname -r', 'shell -- id -un', 'shell -- ip -brief link'] },
  'setup/hint': { before: ['--as ada'], commands: ['hint --as ada'] },
};

/** Readers have one login and do not name it. */
const typed = (command: string) => `npx grade ${command.replace(/ ?--as ada/, '')}`;

export async function recordSetup(): Promise<Record<string, Recording>> {
  const cache = await freshCache();
  try {
    const recordings: [string, Recording][] = [];
    for (const [id, session] of Object.entries(sessions)) recordings.push([id, await record(session, cache)]);
    return Object.fromEntries(recordings);
  } finally {
    await rm(cache, { recursive: true });
  }
}

/** What two machines have in common: what is looked at, and what is said of the kernel, not versions and sizes. */
export function withoutMachine(text: string): string {
  const lines = withoutChance(text)
    .replace(/\d[\w.+~-]*/g, 'N')
    .split('\n');
  return lines
    .map((line) => line.replace(/^(✓ (?:Node|packages to run guests|disk|guest image|accelerator)) .*/, '$1'))
    .join('\n');
}

async function record({ before = [], commands }: (typeof sessions)[string], cache: string): Promise<Recording> {
  const clone = await Clone.make();
  const run = async (command: string) => (await clone.grade(command.split(' '), { HOOKPOINT_CACHE: cache })).stdout;
  try {
    for (const command of before) await run(command);
    let text = '';
    for (const command of commands) text += `$ ${typed(command)}\n${(await run(command)).trim()}\n`;
    const kernel = (await run('shell -- uname -r')).trim();
    if (!/^\d/.test(kernel)) throw new Error(`No guest said which kernel it has: ${kernel}`);
    return {
      kernel,
      tools: {},
      date: new Date().toISOString().slice(0, 10),
      text: text.replaceAll(cache, '~/.cache/hookpoint').replace(/ +$/gm, ''),
    };
  } finally {
    await clone.remove();
  }
}

/** This machine's cache as the first `npx grade` leaves it: with the default kernel and no other. */
async function freshCache(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookpoint-cache-'));
  const { default: id } = await listKernels();
  for (const name of ['images', 'states', 'accelerator.json'])
    await symlink(join(cacheFolder(), name), join(folder, name));
  await mkdir(join(folder, 'kernels'));
  for (const kernel of (await readdir(join(cacheFolder(), 'kernels'))).filter((name) => name.startsWith(`${id}-`)))
    await symlink(join(cacheFolder(), 'kernels', kernel), join(folder, 'kernels', kernel));
  return folder;
}

if (process.argv[1] === import.meta.filename) {
  for (const [id, recording] of Object.entries(await recordSetup())) {
    await mkdir(dirname(recordingFile(repository, id)), { recursive: true });
    await writeFile(recordingFile(repository, id), writtenRecording(recording));
    process.stdout.write(`${recording.text}\n`);
  }
}
