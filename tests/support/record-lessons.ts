/** `npm run record [chapter/name …]`: records the terminal sessions that lessons show, each in a guest of its own. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createKit } from '../../grader/checks/kit.ts';
import type { Machine } from '../../grader/machine/machine.ts';
import { Random } from '../../grader/verdict/random.ts';
import { readSessions, recordingFile, type Recording, type Session, tools, writtenRecording } from '../../site/course/recordings.ts';
import { repository } from './clone.ts';
import { startGuest } from './vm.ts';

const lessons = '/root/lesson';

/** Ids of all sessions, '<chapter>/<name>'. */
export async function sessionIds(): Promise<string[]> {
  const chapters = (await readdir(join(repository, 'content/recordings'))).filter((name) => name.endsWith('.yaml')).map((name) => basename(name, '.yaml'));
  const ids = await Promise.all(chapters.map(async (chapter) => Object.keys(await readSessions(repository, chapter)).map((name) => `${chapter}/${name}`)));
  return ids.flat();
}

export async function recordLesson(id: string): Promise<Recording> {
  const [chapter, name] = id.split('/') as [string, string];
  const session = (await readSessions(repository, chapter))[name];
  if (!session) throw new Error(`content/recordings/${chapter}.yaml has no session ${name}`);
  const guest = await startGuest();
  try {
    await prepare(guest, chapter, session);
    const text = await play(guest, session);
    const versions = await Promise.all(session.tools.map(async (tool) => [tool, (await said(guest, tools[tool])).trim()] as const));
    return { kernel: guest.info.kernel, tools: Object.fromEntries(versions), date: new Date().toISOString().slice(0, 10), text };
  } finally {
    await guest.stop();
  }
}

/** The files of a chapter's examples, by their path below its folder. */
export async function examplesOf(chapter: string): Promise<Map<string, Uint8Array>> {
  const home = join(repository, 'content/examples', chapter);
  const files = (await readdir(home, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return new Map(await Promise.all(files.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(home.length + 1), new Uint8Array(await readFile(path))] as const;
  })));
}

/**
 * What must be the same whenever a session is recorded: its commands, and the words that follow each, in any order. Numbers
 * and the order of rows differ from run to run.
 */
export function withoutAccident(text: string): Record<string, string[]> {
  const parts = text.split(/^# /m).slice(1).map((part) => part.split('\n'));
  return Object.fromEntries(parts.map(([command, ...lines]) => [command, [...new Set(lines.join(' ').match(/[A-Za-z_]{3,}/g))].sort()]));
}

async function prepare(guest: Machine, chapter: string, { attach, load, objects, build }: Session): Promise<void> {
  const kit = createKit({ machine: guest, random: new Random('0'.repeat(32)), submission: { files: await examplesOf(chapter) } });
  await guest.run(['mkdir', '-p', lessons]);
  for (const name of [...attach, ...load, ...objects]) await said(guest, `cp ${await kit.program(`${name}.bpf.c`).compile()} ${basename(name)}.bpf.o`);
  for (const name of build) await said(guest, `gcc -O2 -Wall -Wextra -Werror -o ${name} ${await kit.submitted(`${name}.c`)} -lbpf -lpthread`);
  for (const name of [...attach, ...load]) {
    const at = `/sys/fs/bpf/${name}`;
    await said(guest, `bpftool prog loadall ${name}.bpf.o ${at} pinmaps ${at}${attach.includes(name) ? ' autoattach' : ''}`);
  }
}

async function play(guest: Machine, { steps }: Session): Promise<string> {
  let text = '';
  for (const step of steps) {
    if ('quiet' in step) await said(guest, step.quiet);
    else text += `# ${step.run}\n${await shown(guest, step.run)}`;
  }
  return text;
}

/** What a terminal would show: errors are part of it, and a command that fails is no reason to stop. */
async function shown(guest: Machine, command: string): Promise<string> {
  const { stdout } = await guest.run(['bash', '-c', `exec 2>&1; ${command}`], { cwd: lessons, timeoutMs: 120_000 });
  return stdout === '' || stdout.endsWith('\n') ? stdout : `${stdout}\n`;
}

async function said(guest: Machine, command: string): Promise<string> {
  const { code, stdout, stderr } = await guest.run(['bash', '-c', command], { cwd: lessons, timeoutMs: 120_000 });
  if (code !== 0) throw new Error(`‘${command}’ ended with ${code}: ${stderr.slice(0, 2000)}`);
  return stdout;
}

if (process.argv[1] === import.meta.filename) {
  const wanted = process.argv.slice(2);
  for (const id of wanted.length > 0 ? wanted : await sessionIds()) {
    const recording = await recordLesson(id);
    await mkdir(dirname(recordingFile(repository, id)), { recursive: true });
    await writeFile(recordingFile(repository, id), writtenRecording(recording));
    process.stdout.write(`${id}\n${recording.text}\n`);
  }
}
