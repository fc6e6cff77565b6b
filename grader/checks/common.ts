/** Checks that nearly every BPF exercise begins with. What an exercise can say better, it overrides. */
import type { Check } from '../course/exercise.ts';
import type { Attached } from './loader.ts';
import { expect, quote } from './expect.ts';

type Words = Partial<Omit<Check, 'stage' | 'run'>>;

export function compiles(file: string, words: Words = {}): Check {
  return {
    id: 'compiles',
    title: `${file} compiles`,
    stage: 'compile',
    points: 1,
    hints: {
      nudge: 'Read the first error only. Those after it are often its echo.',
      concept: 'BPF programs are C, compiled by clang for the BPF instruction set. Types of the kernel come from vmlinux.h, SEC() and the helpers from <bpf/bpf_helpers.h>.',
      line: 'Begin the file with #include "vmlinux.h" and then #include <bpf/bpf_helpers.h>.',
    },
    rationale: 'The grader compiles the source itself, with its own flags: nothing else shows that the object is the learner\'s.',
    ...words,
    run: async (kit) => void (await kit.program(file).compile()),
  };
}

export function loads(file: string, words: Words = {}): Check {
  return {
    id: 'loads',
    title: 'The kernel accepts the program',
    stage: 'load',
    points: 1,
    hints: {
      nudge: 'The kernel says why it refuses. Look at the line of your source that the message names.',
      concept: 'Before a BPF program may run, the verifier walks every path through it and refuses what it cannot prove safe. Many helpers also ask for a GPL-compatible license.',
      line: 'A license looks like this: char LICENSE[] SEC("license") = "GPL";',
    },
    rationale: 'A program that compiles may still be refused; only the kernel\'s own verifier tells.',
    ...words,
    run: async (kit) => void (await kit.program(file).load()),
  };
}

export interface Attachment {
  /** As the kernel calls it: 'tracepoint', 'kprobe', 'uprobe', 'raw_tracepoint', or the type of link, such as 'tracing'. */
  kind: string;
  /** As the kernel calls it: 'sys_enter_execve'. Left out: any. */
  target?: string;
}

/** At least one program of the file must be attached there, in the kernel's own words. */
export function attaches(file: string, wanted: Attachment, words: Words = {}): Check {
  const place = describe(wanted.kind, wanted.target ?? '');
  return {
    id: 'attaches',
    title: `A program is attached to the ${place}`,
    stage: 'attach',
    points: 1,
    hints: {
      nudge: 'A loaded program does nothing until something makes it run. What says when yours runs?',
      concept: 'The text in SEC("…") names the event. The loader reads it and attaches the program there.',
      line: `Write the section so that it names the ${place}.`,
    },
    rationale: 'The kernel is asked where the program hangs, so neither its name nor the text of its section decides.',
    ...words,
    run: async (kit) => {
      const attached = await kit.program(file).attach();
      const links = attached.flatMap((program) => program.links);
      expect(links.some((link) => link.kind === wanted.kind && (wanted.target ?? link.target) === link.target), {
        text: `No program of ${file} is attached to the ${place}.`,
        expected: `The kernel shows a program at the ${place}.`,
        actual: attached.map(describeProgram).join(' ').slice(0, 2000),
        help: 'Look at the text in SEC("…") in front of your program: it names the event at which the program runs.',
      });
    },
  };
}

function describeProgram({ program, section, links }: Attached): string {
  const places = links.map((link) => describe(link.kind, link.target)).join(', ') || 'nothing that the kernel names';
  return `The kernel shows ${quote(program, 64)}, with SEC(${quote(section)}), at: ${places}.`;
}

function describe(kind: string, target: string): string {
  return target ? `${kind} ${quote(target).slice(1, -1)}` : kind;
}
