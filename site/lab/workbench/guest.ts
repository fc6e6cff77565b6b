/** What the workbench does on its machine: bring a program to the kernel by commands that a reader could type, look, and open a shell. */
import { explainText } from '../../../grader/explain/index.ts';
import { compileFlags } from '../../../grader/kit/guest/compile-flags.ts';
import { guestToolkit, toolkitAt } from '../../../grader/kit/guest/toolkit.ts';
import type { Conversation, Machine, RunResult } from '../../../grader/machine/machine.ts';
import { makeExplanation } from '../../../grader/report/explanation.ts';
import { attachCommand, sectionsOf } from './attach.ts';
import { readState } from './kernel-state.ts';
import type { KernelState, Size, Source, Stage, Tried } from './messages.ts';

/** Where lessons' recordings were made (tests/support/play-lessons.ts), so that what they say can be typed here. */
export const home = '/root/lesson';
/** Letters of what tools said. */
const longestLog = 64 * 1024;
const mostMaps = 12;
const bounds = { cwd: home, timeoutMs: 60_000, maxOutputBytes: 1 << 20 };

const settingsFile = '/root/.shrc';
const shellSettings = `PS1='# '
cd ${home}
`;

/** Once, before all else. */
export async function prepare(machine: Machine): Promise<void> {
  await machine.put(settingsFile, shellSettings);
  // Lessons read it.
  await machine.put('/etc/hostname', 'hookpoint\n');
  await machine.run(['mkdir', '-p', home]);
}

/** Commands that it has. */
export async function toolsOf(machine: Machine): Promise<string[]> {
  const facts = new TextDecoder().decode(await machine.get(toolkitAt(guestToolkit).facts));
  return Array.from(facts.matchAll(/^tool (\S+)$/gm), ([, name]) => name!);
}

/** busybox's: with history and keys to edit a line, which dash does not have. */
export function openShell(machine: Machine, size: Size): Conversation {
  return machine.converse(['busybox', 'ash', '-i'], {
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/root',
      TERM: 'xterm-256color',
      LC_ALL: 'C.UTF-8',
      ENV: settingsFile,
    },
    terminal: size,
  });
}

/** Compiles, loads and attaches, in place of what `before` names: folders of pins of earlier runs. Rejects with MachineLost. */
export async function tryProgram(
  machine: Machine,
  { file, files }: Source,
  { before, onStage }: { before: ReadonlySet<string>; onStage(stage: Stage): void },
): Promise<Tried> {
  const object = file.replace(/\.c$/, '.o');
  const pins = pinsOf(file);
  const commands = [`clang -O2 -g -Wall --target=bpf -c ${file}`];
  const sources = new Map(Object.entries(files));
  const not = (outcome: 'not compiled' | 'refused', log: string): Tried => ({
    outcome,
    commands,
    explanation: makeExplanation(explainText(log, sources)),
    log: cut(log),
    programs: [],
  });

  onStage('compile');
  await machine.run(['rm', '-rf', '--', ...before, pins]);
  for (const [name, text] of sources) await machine.put(`${home}/${name}`, text);
  const flags = compileFlags(machine.info.arch, toolkitAt(guestToolkit).headers);
  const compiled = await machine.run(['clang', ...flags, '-c', file, '-o', object], bounds);
  if (compiled.code !== 0) return not('not compiled', saidBy('The compiler', compiled));

  onStage('load');
  // A program that bpftool cannot attach is pinned, and for that bpftool makes no folder.
  const make = ['mkdir', '-p', pins];
  // A map that the source pins by its name has its place already.
  const pinMaps = files[file]!.includes('LIBBPF_PIN_BY_NAME') ? [] : ['pinmaps', pins];
  const load = ['bpftool', 'prog', 'loadall', object, pins, ...pinMaps, 'autoattach'];
  commands.push(make.join(' '), load.join(' '));
  await machine.run(make);
  const loaded = await machine.run(load, bounds);
  if (loaded.code !== 0) return not('refused', saidBy('bpftool', loaded));
  const waiting = new Set(
    Array.from(loaded.stderr.matchAll(/Program (\w+) does not support autoattach/g), ([, name]) => name!),
  );
  const programs = Array.from(sectionsOf(files[file]!), ([name, section]) => ({
    name,
    isAttached: !waiting.has(name),
    command: waiting.has(name) ? attachCommand(section, `${pins}/${name}`, object) : null,
  }));
  return { outcome: 'loaded', commands, explanation: null, log: cut(compiled.stderr + loaded.stderr), programs };
}

/** Where the programs and maps of a file are pinned. */
export function pinsOf(file: string): string {
  return `/sys/fs/bpf/${file.replace(/\.bpf\.c$/, '')}`;
}

/** What the kernel has. Rejects with MachineLost. */
export async function lookAt(machine: Machine): Promise<KernelState> {
  const list = async (what: string) => (await machine.run(['bpftool', '-j', what, 'show'], bounds)).stdout;
  const [programs, maps, links] = await Promise.all(['prog', 'map', 'link'].map(list));
  return readState({ programs: programs!, maps: maps!, links: links! }, async (ids) => {
    const dump = (id: number) => machine.run(['bpftool', '-j', 'map', 'dump', 'id', `${id}`], bounds);
    const dumps = await Promise.all(ids.slice(0, mostMaps).map(async (id) => [id, await dump(id)] as const));
    return new Map(dumps.map(([id, { stdout, truncated }]) => [id, truncated ? null : stdout]));
  });
}

function saidBy(tool: string, { stderr, stdout, timedOut, outOfMemory, signal }: RunResult): string {
  if (timedOut) return `${stderr}\n${tool} took longer than ${bounds.timeoutMs / 1000} seconds and was stopped.`;
  if (outOfMemory) return `${stderr}\n${tool} needed more memory than this machine has.`;
  return stderr.trim() || stdout.trim() || `${tool} ended with signal ${signal} and said nothing.`;
}

function cut(log: string): string {
  return log.length <= longestLog ? log : `${log.slice(0, longestLog)}\n(… ${log.length - longestLog} characters more)`;
}
