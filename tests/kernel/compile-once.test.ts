import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { compileAhead } from '../../grader/cli/compile-ahead.ts';
import { createContext } from '../../grader/cli/context.ts';
import { gradeSubmission } from '../../grader/cli/grading.ts';
import { Machines } from '../../grader/cli/machines.ts';
import { loadCourse } from '../../grader/course/load.ts';
import { buildFolder, compile } from '../../grader/kit/guest/compiler.ts';
import { guestToolkit, guestWork, toolkitAt } from '../../grader/kit/guest/toolkit.ts';
import { createKit } from '../../grader/kit/kit.ts';
import { CheckFailure } from '../../grader/verdict/failure.ts';
import { ObjectFolder } from '../../grader/machine/object-store.ts';
import { newSeed, Random } from '../../grader/verdict/random.ts';
import type { Result } from '../../grader/verdict/result.ts';
import { repository } from '../support/clone.ts';
import { startGuest } from '../support/vm.ts';

const source = `#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
SEC("tracepoint/syscalls/sys_enter_execve") int f(void *ctx) { int unused; bpf_printk("x"); return 0; }
`;

async function newStore(): Promise<{ folder: string; objects: ObjectFolder }> {
  const folder = await mkdtemp(join(tmpdir(), 'hookpoint-objects-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { folder, objects: new ObjectFolder(folder) };
}

/** Compiles in a guest of its own, and reads the object. */
async function compileIn(text: string, objects?: ObjectFolder): Promise<{ object: Buffer; compilers: number }> {
  const machine = await startGuest();
  try {
    const files = new Map([['a.bpf.c', Buffer.from(text)]]);
    const kit = createKit({ machine, random: new Random(newSeed()), submission: { files }, objects });
    const object = Buffer.from(await machine.get(await kit.program('a.bpf.c').compile(), 2 ** 24));
    return { object, compilers: machine.commandsStarted };
  } finally {
    await machine.stop();
  }
}

test('the object of a hit is that of a compile, byte for byte, wherever it was made', async () => {
  const { folder, objects } = await newStore();
  const machines = { open: () => openGuest(), release: async ({ machine }: Opened) => machine.stop() };
  const compiled = await compileIn(source);
  await compileAhead({
    machines,
    submissions: [`${source}/* another */\n`, source].map((text) => ({
      files: new Map([['a.bpf.c', Buffer.from(text)]]),
    })),
    objects,
  });
  expect(await readdir(folder)).toHaveLength(2);
  const hit = await compileIn(source, objects);
  expect([compiled.compilers, hit.compilers]).toEqual([1, 0]);
  expect(hit.object.equals(compiled.object)).toBe(true);
});

type Opened = Awaited<ReturnType<typeof openGuest>>;
async function openGuest() {
  return { machine: await startGuest(), toolkit: '/run/hookpoint/toolkit', folder: '/work' };
}

test('a refusal by clang is the same from the store', async () => {
  const { objects } = await newStore();
  const refused = async () => {
    const error = await compileIn(source.replace('unused;', 'unused = missing;'), objects).catch((reason) => reason);
    expect(error).toBeInstanceOf(CheckFailure);
    return (error as CheckFailure).detail;
  };
  const first = await refused();
  expect(first.actual).toContain("undeclared identifier 'missing'");
  expect(await refused()).toEqual(first);
});

test('an object of a guest in which anything else has run is not kept', async () => {
  const { folder, objects } = await newStore();
  const machine = await startGuest();
  try {
    await machine.run(['true']);
    const files = new Map([['a.bpf.c', Buffer.from(source)]]);
    const kit = createKit({ machine, random: new Random(newSeed()), submission: { files }, objects });
    await kit.program('a.bpf.c').compile();
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await machine.stop();
  }
});

test('a verdict is the same with the object from the store, and with a damaged one', async () => {
  const { folder, objects } = await newStore();
  const context = createContext({ json: true });
  const machines = new Machines(context, {});
  const exercise = (await loadCourse(repository)).find(({ id }) => id === 'maps/count-execs')!;
  const grade = (name: string) =>
    gradeSubmission({
      root: repository,
      exercise,
      folder: join(exercise.folder, name),
      machines,
      objects,
      seed: '0123456789abcdef0123456789abcdef',
    });
  for (const name of ['solution', 'starter']) {
    const [first, hit] = [await grade(name), await grade(name)];
    expect(withoutTimes(hit)).toEqual(withoutTimes(first));
    const kept = await readdir(folder);
    expect(kept.length).toBeGreaterThan(0);
    for (const entry of kept) {
      const bytes = await readFile(join(folder, entry));
      bytes[bytes.length - 1]! ^= 1;
      await writeFile(join(folder, entry), bytes);
    }
    expect(withoutTimes(await grade(name))).toEqual(withoutTimes(first));
  }
});

function withoutTimes(result: Result): unknown {
  return JSON.parse(
    JSON.stringify(result, (key, value) => (key === 'durationMs' || key === 'startedAt' ? undefined : value)),
  );
}

test('two compiles that are asked for at once are both made', async () => {
  const machine = await startGuest();
  try {
    const toolkit = toolkitAt(guestToolkit);
    const names = ['one', 'two'];
    for (const name of names) await machine.put(`/work/scratch/${name}.bpf.c`, source);
    const made = await Promise.all(
      names.map((name) =>
        compile(machine, toolkit, '/work/scratch', `${name}.bpf.c`, `${buildFolder(guestWork)}/${name}.o`),
      ),
    );
    expect(made.map(({ code }) => code)).toEqual([0, 0]);
  } finally {
    await machine.stop();
  }
});
