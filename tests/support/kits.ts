/** A kit in a real guest, for sources that a test writes itself. */
import { onTestFinished } from 'vitest';
import { type ClosableKit, createKit } from '../../grader/kit/kit.ts';
import type { Machine } from '../../grader/machine/machine.ts';
import { newSeed, Random } from '../../grader/verdict/random.ts';

let kits = 0;

/** The kit of a submission with these files. Ends with the test; the guest may serve several, each in a folder of its own. */
export async function kitFor(machine: Machine, files: Readonly<Record<string, string>>): Promise<ClosableKit> {
  const folder = `/work/kit-${(kits += 1)}`;
  const made = await machine.run(['install', '-d', '-o', '65534', '-g', '65534', `${folder}/build`]);
  if (made.code !== 0) throw new Error(made.stderr);
  const submission = new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]));
  const kit = createKit({ machine, random: new Random(newSeed()), submission: { files: submission }, folder });
  onTestFinished(() => kit.close());
  return kit;
}

/** A BPF source with the includes and the license that all need. */
export function bpf(...parts: string[]): string {
  return `#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>
char LICENSE[] SEC("license") = "GPL";
${parts.join('\n')}
`;
}
