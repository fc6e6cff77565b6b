import { expect, test } from 'vitest';
import { CompileGuest } from '../../../grader/cli/compile-guest.ts';
import type { OpenMachine } from '../../../grader/cli/machines.ts';
import { MachineLost } from '../../../grader/machine/machine.ts';

const files = (...names: string[]) => new Map(names.map((name) => [name, Buffer.from(name)]));

/** Guests that compile nothing: what matters here is how many there are, what lies in them, and that none stays behind. */
function fakes({ lost = false } = {}) {
  const opened: { alive: boolean; holds: string[] }[] = [];
  const machines = {
    async open() {
      const fake = { alive: true, holds: [] as string[] };
      opened.push(fake);
      const machine = {
        info: { kind: 'vm', arch: 'x86_64' },
        copyOf: 'state',
        async put(path: string) {
          if (lost) throw new MachineLost('panic', 'gone');
          fake.holds.push(path);
        },
        run: async () => ({ code: 1, stderr: 'not located', signal: 0 }),
        stop: async () => void (fake.alive = false),
      };
      return { machine, toolkit: '/toolkit', folder: '/work' } as unknown as OpenMachine;
    },
    release: (open: OpenMachine) => open.machine.stop(),
  };
  const store = { find: async () => undefined, keep: async () => {} };
  return { opened, guest: new CompileGuest(machines, store) };
}

test('one guest serves as long as the files have the same names, and no file of others is in the next', async () => {
  const { opened, guest } = fakes();
  await guest.compile(files('a.bpf.c', 'a.h'));
  await guest.compile(files('a.h', 'a.bpf.c'));
  expect(opened).toHaveLength(1);
  await guest.compile(files('b.bpf.c'));
  expect(opened.map(({ alive }) => alive)).toEqual([false, true]);
  expect(opened[1]!.holds).toEqual(['/work/submission/b.bpf.c']);
  await guest.close();
  expect(opened.map(({ alive }) => alive)).toEqual([false, false]);
  await guest.compile(files('b.bpf.c'));
  expect(opened).toHaveLength(2);
});

test('without a BPF program there is nothing to compile, and no guest', async () => {
  const { opened, guest } = fakes();
  await guest.compile(files('a.py', 'loader.c'));
  expect(opened).toEqual([]);
});

test('a guest that is lost is let go, and says nothing: the grading compiles again', async () => {
  const { opened, guest } = fakes({ lost: true });
  await guest.compile(files('a.bpf.c'));
  await guest.compile(files('a.bpf.c'));
  expect(opened.map(({ alive }) => alive)).toEqual([false, false]);
});
