import { defineChecks, evidence, quote } from '#kit';
import { describe, isInside, openFiles } from './workload.ts';

const file = 'deny.bpf.c';
const eperm = 1;

const opened = evidence(async (kit) => {
  await kit.program(file).attach();
  return openFiles(kit);
});

export default defineChecks({
  async decides(kit) {
    const { programs } = await kit.program(file).load();
    const attached = await kit.program(file).attach();
    const lsm = programs.filter(({ type }) => type === 'lsm').map(({ name }) => name);
    kit.expect(
      attached.some(({ program, links }) => lsm.includes(program) && links.length > 0),
      {
        text: `No program of ${file} is attached to an LSM hook.`,
        expected: 'A program of type lsm.',
        actual: programs
          .map(({ name, type }) => `${quote(name, 64)} is of type ${quote(type, 40)}.`)
          .join(' ')
          .slice(0, 2000),
      },
    );
  },

  async denies(kit) {
    const [first] = await opened(kit);
    kit.expect(first!.errno !== 0, {
      text: 'A process in the cgroup could open the file.',
      expected: 'Its open fails with EPERM.',
      actual: 'The open succeeded, as root, for reading.',
      help: 'allowed',
    });
    kit.expect(first!.errno === eperm, {
      text: 'The open is denied, but with another error than the task asks for.',
      expected: 'EPERM, error 1.',
      actual: `Error ${first!.errno}.`,
      help: 'other-error',
    });
  },

  async 'every-way'(kit) {
    const open = (await opened(kit)).find((opening) => opening.denied && opening.errno !== eperm);
    kit.expect(!open, {
      text: 'There is a way to the file that is not denied.',
      expected: 'EPERM for every path to it, to read, to write and to start it.',
      actual: open ? `${capital(describe(open))} ${open.errno === 0 ? 'succeeded' : `gave error ${open.errno}`}.` : '',
    });
  },

  async 'other-files'(kit) {
    const openings = await opened(kit);
    const denied = openings.find(
      (opening) => isInside(opening) && !opening.denied && !opening.use && opening.errno !== 0,
    );
    kit.expect(!denied, {
      text: 'A file that the policy does not name is denied.',
      expected: 'Only the one file is denied.',
      actual: denied ? `${capital(describe(denied))} gave error ${denied.errno}.` : '',
      help: 'file',
    });
    const stopped = openings.find(({ use, errno }) => use && errno !== 0);
    kit.expect(!stopped, {
      text: 'Something other than opening the file is denied.',
      expected: 'Whoever may not open the file may still ask for its size, rename it or delete it.',
      actual: `"${stopped?.use}" failed, by root in the cgroup.`,
      help: 'use',
    });
  },

  async 'other-cgroups'(kit) {
    const denied = (await opened(kit)).find((opening) => !isInside(opening) && opening.errno !== 0);
    kit.expect(!denied, {
      text: 'A process in another cgroup is denied, too.',
      expected: "Only processes in the policy's cgroup are denied.",
      actual: denied ? `${capital(describe(denied))} gave error ${denied.errno}.` : '',
    });
  },
});

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
