import { expect, test } from 'vitest';
import type { Machines, OpenMachine } from '../../../grader/cli/machines.ts';
import { SpareMachines } from '../../../grader/cli/spare-machines.ts';

/** Machines that are no machines: what matters here is which one is handed out, and that none stays behind. */
function fakes() {
  const opened: { alive: boolean; warm: boolean; open: OpenMachine }[] = [];
  const machines = {
    async open() {
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      const fake = {
        alive: true,
        warm: false,
        open: {
          machine: { info: { kind: 'vm' }, ended, stop: async () => (resolve(), void (fake.alive = false)) },
        } as unknown as OpenMachine,
      };
      opened.push(fake);
      return fake.open;
    },
    release: (open: OpenMachine) => open.machine.stop(),
    close: async () => {},
  } as Pick<Machines, 'open' | 'release' | 'close'>;
  const spares = new SpareMachines(machines, (open) => {
    const fake = opened.find((one) => one.open === open)!;
    fake.warm = true;
    return { stop: async () => void (fake.warm = false) };
  });
  return { opened, spares, machines };
}

test('the spare is handed out, cold no more and idle', async () => {
  const { opened, spares } = fakes();
  await spares.prepare();
  await spares.prepare();
  expect(opened.map(({ warm }) => warm)).toEqual([true]);
  expect(await spares.open()).toBe(opened[0]!.open);
  expect(opened.map(({ warm }) => warm)).toEqual([false]);
  expect(await spares.open(), 'without a spare a new one').toBe(opened[1]!.open);
});

test('a spare that died meanwhile is not handed out', async () => {
  const { opened, spares } = fakes();
  await spares.prepare();
  await opened[0]!.open.machine.stop();
  expect(await spares.open()).toBe(opened[1]!.open);
});

test('cancel ends what is in use, also while it is being opened, and leaves the spare', async () => {
  const { opened, spares } = fakes();
  const opening = spares.open();
  await spares.cancel();
  expect(opened[0]!.alive).toBe(false);
  await spares.release(await opening);
  await spares.prepare();
  await spares.cancel();
  expect(opened[1]!.alive).toBe(true);
});

test('close leaves none behind, and lets none be restored', async () => {
  const { opened, spares } = fakes();
  await spares.prepare();
  await spares.open();
  await spares.prepare();
  await spares.close();
  await spares.prepare();
  expect(opened.map(({ alive }) => alive)).toEqual([false, false]);
});

test('no machine to be had is told, and tried again', async () => {
  const { spares, machines } = fakes();
  const { open } = machines;
  machines.open = async () => {
    throw new Error('no QEMU');
  };
  await expect(spares.prepare()).rejects.toThrow('no QEMU');
  machines.open = open;
  await spares.prepare();
  expect((await spares.open()).machine).toBeDefined();
});
