import { count, defineChecks, evidence, type Kit } from '#kit';
import type { Era } from './kernels.ts';
import { seeElsewhere, seeExits } from './workload.ts';

const file = 'parent.bpf.c';
const here = evidence((kit) => seeExits(kit, kit.program(file)));
const elsewhere = evidence((kit) => seeElsewhere(kit, kit.program(file)));
const unknown = 2n ** 64n - 1n;
/** As a sentence speaks of such a kernel. */
const named: Record<Era, string> = {
  state: 'whose task_struct has the field state, a long',
  __state: 'whose task_struct has the field __state, an unsigned int',
  neither: 'whose task_struct has neither state nor __state',
};
const spelled = (number: bigint): string => `${number} (0x${number.toString(16)})`;

export default defineChecks({
  async fires(kit) {
    const ended = await here(kit);
    const missing = ended.filter(({ row }) => !row);
    kit.expect(missing.length === 0, {
      text: `A thread has ended, and the map parents has no row with its id: ${missing[0]?.what}.`,
      expected: `A row for each of ${count(ended.length, 'thread')} that ended.`,
      actual: `${count(missing.length, 'row')} missing.`,
    });
  },

  parent: (kit) => compareHere(kit, 'parent', 'The parent of a thread that has ended is not the right one'),
  state: (kit) => compareHere(kit, 'state', "A parent's state is not what the kernel holds"),

  async elsewhere(kit) {
    for (const { kernel, refusal, rows } of await elsewhere(kit)) {
      kit.expect(refusal === '', {
        text: `The program is not loaded on a kernel ${named[kernel.era]}.`,
        expected: 'libbpf finds each field that the program reads, and the kernel accepts the program.',
        actual: refusal,
        help: 'loaded',
      });
      const right = kernel.ending.filter(({ pid }) => rows.has(pid)).length;
      kit.expect(rows.size === kernel.ending.length && right === rows.size, {
        text: `The map does not have one row for each task, on a kernel whose fields are at other places.`,
        expected: `${count(kernel.ending.length, 'row')}, with the ids of the tasks.`,
        actual: `${count(rows.size, 'row')}, and ${right} of the ids are right.`,
        help: 'rows',
      });
    }
  },

  async 'parent-elsewhere'(kit) {
    for (const { kernel, rows } of await elsewhere(kit))
      for (const { pid, parent } of kernel.ending)
        kit.expect.equal(rows.get(pid)!.parent, parent, {
          text: 'On a kernel whose fields are at other places, the parent of a task is not the right one.',
        });
  },

  older: (kit) => compareStates(kit, 'state'),
  newer: (kit) => compareStates(kit, '__state'),
  neither: (kit) => compareStates(kit, 'neither'),
});

async function compareHere(kit: Kit, field: 'parent' | 'state', text: string): Promise<void> {
  for (const { what, wanted, row } of await here(kit))
    kit.expect(row![field] === wanted[field], {
      text: `${text}: ${what}.`,
      expected: spelled(wanted[field]),
      actual: spelled(row![field]),
    });
}

async function compareStates(kit: Kit, era: Era): Promise<void> {
  for (const { kernel, rows } of (await elsewhere(kit)).filter((one) => one.kernel.era === era))
    for (const { pid, state } of kernel.ending) {
      const wanted = state === null ? unknown : BigInt.asUintN(64, state);
      kit.expect(rows.get(pid)!.state === wanted, {
        text: `A parent's state is not right on a kernel ${named[era]}.`,
        expected: spelled(wanted),
        actual: spelled(rows.get(pid)!.state),
      });
    }
}
