/** What a check works with. */
import type { Machine } from '../machine/machine.ts';
import type { ObjectStore } from '../machine/object-store.ts';
import type { Random } from '../verdict/random.ts';
import { buildFolder, submissionFolder } from './guest/compiler.ts';
import { expect, type Expect } from './checks/expect.ts';
import { Net } from './network/net.ts';
import { Cgroups } from './processes/cgroups.ts';
import { Processes } from './processes/processes.ts';
import { KernelBpf } from './program/kernel-bpf.ts';
import { Program, type Workplace } from './program/program.ts';
import { Script } from './scripts/script.ts';
import { guestToolkit, guestWork, type Toolkit, toolkitAt } from './guest/toolkit.ts';
import { Tracing } from './tracing/tracing.ts';

export interface Kit {
  readonly machine: Machine;
  /** Draws the workload; seeded, so that a verdict can be replayed. */
  readonly random: Random;
  /** A folder on the machine, writable for root only; for what a workload needs. */
  readonly folder: string;
  /** A folder on the machine that is the compilers', for what they make. */
  readonly build: string;
  readonly processes: Processes;
  /** Cgroups for processes and programs, such as a drawn tree of them. */
  readonly cgroups: Cgroups;
  readonly tracing: Tracing;
  readonly net: Net;
  /** BPF in the kernel whoever brought it there: pinned maps, run counts. */
  readonly bpf: KernelBpf;
  readonly expect: Expect;
  /** Where the grader's own tools are on the machine. */
  readonly toolkit: Toolkit;
  readonly submission: Placeable;
  /** A BPF program file of the submission; the same object each time, so that checks build on one another. */
  program(file: string): Program;
  /** A script of the submission that loads programs itself; the same object each time. */
  script(file: string): Script;
  /** Path on the machine of any file of the submission; root alone may write it. For tools to read, not for checks. */
  submitted(file: string): Promise<string>;
}

export interface Placeable {
  /** The submission's text files, by name. */
  readonly sources: ReadonlyMap<string, string>;
  /** Puts the submission on the machine, once, and says in which folder; every user may read it there. */
  place(): Promise<string>;
}

export interface KitOptions {
  machine: Machine;
  random: Random;
  submission: { files: Map<string, Uint8Array> };
  /** Where prepareToolkit has put its things. */
  toolkit?: string;
  /** Where objects are kept from one grading to the next; nowhere by default. */
  objects?: ObjectStore | undefined;
  /** Work folder on the machine, used by nobody else, with the build folder in it (makeBuildFolder); it and the folders above must let all users in. */
  folder?: string;
}

export type ClosableKit = Kit & {
  /** Ends all that the kit has started; safe to call twice. The machine goes on. */
  close(): void;
};

export function createKit({
  machine,
  random,
  submission,
  toolkit = guestToolkit,
  folder = guestWork,
  objects,
}: KitOptions): ClosableKit {
  const tools = toolkitAt(toolkit);
  const programs = new Map<string, Program>();
  const scripts = new Map<string, Script>();
  const processes = new Processes(machine, tools.actor);
  const net = new Net(machine, tools, random);
  const bpf = new KernelBpf(machine, tools.loader);
  const cgroups = new Cgroups(machine, random);
  let placed: Promise<void> | undefined;
  const workplace: Workplace = {
    machine,
    toolkit: tools,
    folder,
    sources: new Map([...submission.files].map(([file, content]) => [file, Buffer.from(content).toString('utf8')])),
    files: submission.files,
    objects,
    place: () => (placed ??= placeFiles(machine, submissionFolder(folder), submission.files)),
  };
  return {
    machine,
    random,
    folder: `${folder}/scratch`,
    build: buildFolder(folder),
    processes,
    cgroups,
    tracing: new Tracing(machine, processes),
    net,
    bpf,
    expect,
    toolkit: tools,
    submission: { sources: workplace.sources, place: () => workplace.place().then(() => submissionFolder(folder)) },
    program(file) {
      if (!submission.files.has(file))
        throw new Error(`The submission has no file ${file}; a submission without it must not be graded.`);
      const known = programs.get(file) ?? new Program(file, workplace);
      programs.set(file, known);
      return known;
    },
    script(file) {
      const known = scripts.get(file) ?? new Script(file, workplace);
      scripts.set(file, known);
      return known;
    },
    async submitted(file) {
      if (!submission.files.has(file))
        throw new Error(`The submission has no file ${file}; a submission without it must not be graded.`);
      await workplace.place();
      return `${submissionFolder(folder)}/${file}`;
    },
    close() {
      net.close();
      // The host keeps what a guest forgets.
      if (machine.info.kind === 'host') void cgroups.close();
      bpf.close();
      for (const script of scripts.values()) script.close();
      for (const program of programs.values()) program.close();
    },
  };
}

async function placeFiles(machine: Machine, folder: string, files: Map<string, Uint8Array>): Promise<void> {
  for (const [file, content] of files) await machine.put(`${folder}/${file}`, content);
}
