/** Plays the terminal sessions that lessons show, each in a guest of its own. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { buildGo } from '../../grader/kit/go/go.ts';
import { createKit } from '../../grader/kit/kit.ts';
import { guestToolkit, toolkitAt } from '../../grader/kit/guest/toolkit.ts';
import { LineTimeout, type Machine, type Running } from '../../grader/machine/machine.ts';
import { Random } from '../../grader/verdict/random.ts';
import { readSessions, type Recording, type Session, tools } from '../../site/course/recordings.ts';
import { repository } from './clone.ts';
import { startGuest } from './vm.ts';

const lessons = '/root/lesson';

type Watched = Extract<Session['steps'][number], { start: string }>;

/** Ids of all sessions, '<chapter>/<name>'. */
export async function sessionIds(): Promise<string[]> {
  const chapters = (await readdir(join(repository, 'content/recordings')))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => basename(name, '.yaml'));
  const ids = await Promise.all(
    chapters.map(async (chapter) =>
      Object.keys(await readSessions(repository, chapter)).map((name) => `${chapter}/${name}`),
    ),
  );
  return ids.flat();
}

export async function recordLesson(id: string): Promise<Recording> {
  return played(id, async (guest, { tools: used }, text) => {
    const versions = await Promise.all(
      used.map(async (tool) => [tool, (await said(guest, tools[tool])).trim()] as const),
    );
    return {
      kernel: guest.info.kernel,
      tools: Object.fromEntries(versions),
      date: new Date().toISOString().slice(0, 10),
      text,
    };
  });
}

/** What its terminal shows today. */
export function replayLesson(id: string): Promise<string> {
  return played(id, async (_guest, _session, text) => text);
}

async function played<T>(
  id: string,
  after: (guest: Machine, session: Session, text: string) => Promise<T>,
): Promise<T> {
  const [chapter, name] = id.split('/') as [string, string];
  const session = (await readSessions(repository, chapter))[name];
  if (!session) throw new Error(`content/recordings/${chapter}.yaml has no session ${name}`);
  const guest = await startGuest();
  try {
    await prepare(guest, chapter, session);
    return await after(guest, session, await play(guest, session));
  } finally {
    await guest.stop();
  }
}

/** The files of a chapter's examples, by their path below its folder. */
export async function examplesOf(chapter: string): Promise<Map<string, Uint8Array>> {
  const home = join(repository, 'content/examples', chapter);
  const files = (await readdir(home, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return new Map(
    await Promise.all(
      files.map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(home.length + 1), new Uint8Array(await readFile(path))] as const;
      }),
    ),
  );
}

/**
 * What must be the same whenever a session is recorded: its commands, and the words that follow each, in any order. Numbers
 * and the order of rows differ from run to run.
 */
export function withoutAccident(text: string): Record<string, string[]> {
  const parts = text
    .split(/^# /m)
    .slice(1)
    .map((part) => part.split('\n'));
  return Object.fromEntries(
    parts.map(([command, ...lines]) => [command, [...new Set(lines.join(' ').match(/[A-Za-z_]{3,}/g))].sort()]),
  );
}

async function prepare(
  guest: Machine,
  chapter: string,
  { attach, load, objects, build, go, files }: Session,
): Promise<void> {
  const examples = await examplesOf(chapter);
  const kit = createKit({ machine: guest, random: new Random('0'.repeat(32)), submission: { files: examples } });
  await guest.run(['mkdir', '-p', lessons]);
  for (const name of [...attach, ...load, ...objects])
    await said(guest, `cp ${await kit.program(`${name}.bpf.c`).compile()} ${basename(name)}.bpf.o`);
  for (const name of build)
    await said(guest, `gcc -O2 -Wall -Wextra -Werror -o ${name} ${await kit.submitted(`${name}.c`)} -lbpf -lpthread`);
  for (const name of go)
    await buildGo(guest, lessons, name, Buffer.from(exampleIn(examples, `${name}.go`)).toString(), 'main.main');
  for (const name of files) await guest.put(`${lessons}/${basename(name)}`, exampleIn(examples, name), 0o755);
  for (const name of [...attach, ...load]) {
    const at = `/sys/fs/bpf/${name}`;
    await said(
      guest,
      `bpftool prog loadall ${name}.bpf.o ${at} pinmaps ${at}${attach.includes(name) ? ' autoattach' : ''}`,
    );
  }
}

function exampleIn(examples: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const content = examples.get(name);
  if (!content) throw new Error(`The chapter has no example ${name}; it has ${[...examples.keys()].join(', ')}`);
  return content;
}

async function play(guest: Machine, { steps }: Session): Promise<string> {
  let text = '';
  for (const step of steps) {
    if ('quiet' in step) await said(guest, step.quiet);
    else if ('start' in step) text += `# ${step.start}\n${await watched(guest, step)}`;
    else text += `# ${step.run}\n${await shown(guest, step.run)}`;
  }
  return text;
}

/** What a terminal would show: errors are part of it, and a command that fails is no reason to stop. */
async function shown(guest: Machine, command: string): Promise<string> {
  const { stdout } = await guest.run(['bash', '-c', `exec 2>&1; ${command}`], { cwd: lessons, timeoutMs: 120_000 });
  return stdout === '' || stdout.endsWith('\n') ? stdout : `${stdout}\n`;
}

/** A terminal in which something runs until Ctrl-C, with what was typed in another one. */
async function watched(guest: Machine, { start, ready, meanwhile, until, signal }: Watched): Promise<string> {
  const process = guest.start(['bash', '-c', `exec 2>&1; echo $$; exec ${start}`], {
    cwd: lessons,
    timeoutMs: 180_000,
  });
  const pid = Number(await process.line());
  const lines: string[] = [];
  const settle = async (text: string | undefined) => {
    if (text !== undefined) {
      do lines.push(await lineOf(process, start, lines));
      while (!lines.at(-1)!.includes(text));
    } else {
      const asked = await said(guest, `${toolkitAt(guestToolkit).attached} ${pid}`);
      if (!asked.includes('"ready":true'))
        throw new Error(`‘${start}’ ended: ${[...lines, (await process.done).stdout].join('\n')}`);
      lines.push(...(await linesSoFar(process)));
    }
  };
  await settle(ready);
  lines.push(`(another terminal) # ${meanwhile}`);
  await said(guest, meanwhile);
  await settle(until);
  process.signal({ INT: 2, TERM: 15 }[signal]);
  const { stdout } = await process.done;
  const rest = stdout.split('\n').filter((line) => line !== '');
  return `${[...lines, ...(signal === 'INT' ? ['^C'] : []), ...rest].join('\n')}\n`;
}

async function lineOf(process: Running, start: string, before: readonly string[]): Promise<string> {
  const line = await process.line();
  if (line === null) throw new Error(`‘${start}’ ended: ${before.join('\n')}`);
  return line;
}

/** It waits, so what it has said is on its way: nothing more comes after a moment without any. */
async function linesSoFar(process: Running): Promise<string[]> {
  const lines: string[] = [];
  for (;;) {
    const line = await process.line(500).catch((error: unknown) => {
      if (error instanceof LineTimeout) return null;
      throw error;
    });
    if (line === null) return lines;
    if (line !== '') lines.push(line);
  }
}

async function said(guest: Machine, command: string): Promise<string> {
  const { code, stdout, stderr } = await guest.run(['bash', '-c', command], { cwd: lessons, timeoutMs: 120_000 });
  if (code !== 0) throw new Error(`‘${command}’ ended with ${code}: ${stderr.slice(0, 2000)}`);
  return stdout;
}
