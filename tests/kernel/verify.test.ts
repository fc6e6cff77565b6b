/** `grade verify` as an author meets it when something is wrong, in a fresh copy of the repository. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutantsOfFile } from '../../grader/mutation/mutant.ts';
import { recordFile } from '../../grader/course/verification.ts';
import { Clone, isAlive, pressCtrlC, repository, untilGuest } from '../support/clone.ts';
import { until } from '../support/until.ts';

const id = 'trial/drop';
let clone: Clone;
beforeAll(async () => {
  clone = await Clone.make();
  await clone.grade(['new', id, '--kind', 'xdp']);
});
afterAll(() => clone.remove());

/** Replaces a text in a file of the exercise; says how to put it back. */
async function change(name: string, from: string, to: string): Promise<() => Promise<void>> {
  const path = clone.path('content/exercises', id, name);
  const before = await readFile(path, 'utf8');
  expect(before).toContain(from);
  await writeFile(path, before.replace(from, to));
  return () => writeFile(path, before);
}

test("an author's own error is shown where the author looks", async () => {
  const restore = await change(
    'exercise.ts',
    'frames({ random }) {',
    "frames({ random }) { throw new Error('look here');",
  );
  const { code, stdout } = await clone.grade(['verify', `content/exercises/${id}/solution`, '--seeds', '1']);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /error at drops[^]*Error: look here\n[^]*exercise\.ts:\d+:\d+[^]*log: \.grade\/logs\/trial\/drop\/solution\/drops\.error\.log/,
  );
  await restore();
});

test('an exercise that no kernel is new enough for is no success', async () => {
  const restore = await change('exercise.yaml', 'kernel: "5.10"', 'kernel: "9.1"');
  expect(await clone.grade(['verify', id, '--kernel', 'oldest'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('trial/drop needs Linux 9.1'),
  });
  const { code, stdout } = await clone.grade(['verify', id]);
  expect([code, stdout]).toEqual([1, expect.stringContaining('It needs Linux 9.1 or newer')]);
  await restore();
});

test('with --changed, what was verified as it is now is not verified again, until something changes that it rests on', async () => {
  const solution = `content/exercises/${id}/solution`;
  const runs = async () => {
    const { stdout } = await clone.grade(['verify', solution, '--seeds', '1', '--changed', '--json']);
    return (JSON.parse(stdout) as { cases: object[] }).cases.length;
  };
  expect(await runs()).toBe(1);
  expect(await clone.grade(['verify', id, '--seeds', '1', '--record'])).toMatchObject({ code: 0 });
  expect(await runs()).toBe(0);
  expect(await clone.grade(['verify', id, '--changed'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 of 1 verifications of exercises on kernels hold'),
  });
  const restore = await change('solution/drop.bpf.c', 'SEC("license")', 'SEC( "license")');
  expect(await runs()).toBe(1);
  await restore();
});

test('Ctrl-C ends it after the case under way, and strikes nothing out of the record', async () => {
  expect(await clone.grade(['verify', id, '--seeds', '1', '--record', '--changed'])).toMatchObject({ code: 0 });
  const before = await readFile(clone.path(recordFile), 'utf8');
  expect(JSON.parse(before)).toMatchObject({
    exercises: { [id]: { kernels: { '6.12': { outcome: 'verified', cases: 6, seeds: 1 } } } },
  });

  const { child, ended } = clone.start(['verify', id, '--seeds', '5', '--record']);
  const started = await untilGuest(child);
  pressCtrlC(child);
  const { code, stdout } = await ended;
  expect(code).toBe(130);
  expect(stdout).toContain('Interrupted');
  expect(stdout).not.toMatch(/✗|error at/);
  expect(await readFile(clone.path(recordFile), 'utf8')).toBe(before);
  await until(async () => !started.some(isAlive), 10_000, 'the end of all processes');
});

test('mutants: the compiler finds those that are none, a check fails on others, and a survivor is named with what to do', async () => {
  // Without its negative control the exercise cannot see who drops too much.
  const restore = await change('exercise.ts', '  }),\n});', '  }),\n  async passes() {},\n});');
  const all = mutantsOfFile(
    'drop.bpf.c',
    await readFile(clone.path('content/exercises', id, 'solution/drop.bpf.c'), 'utf8'),
  );
  const idOf = (after: string) => all.find((mutant) => mutant.after.includes(after))!.id;
  const [killed, survived, equivalent] = [
    idOf('ip->protocol != IPPROTO_UDP'),
    idOf('ip->protocol >= IPPROTO_UDP'),
    idOf('(void *)ctx->data;'),
  ];
  const only = [killed, survived, equivalent].flatMap((one) => ['--mutant', one]);

  const { code, stdout } = await clone.grade(['verify', id, '--mutate', ...only, '--json']);
  const run = JSON.parse(stdout) as { exercises: { mutants: { id: string; outcome: string }[] }[] };
  expect(Object.fromEntries(run.exercises[0]!.mutants.map((one) => [one.id, one.outcome]))).toEqual({
    [killed]: 'killed',
    [survived]: 'survived',
    [equivalent]: 'equivalent',
  });
  expect(code).toBe(1);

  const again = ['verify', id, '--mutate', '--mutant', survived];
  const shown = await clone.grade(again);
  expect(shown.stdout).toContain(`again: npx grade ${again.join(' ')}`);
  expect(shown.stdout).toContain(`- reason: …\n  mutants:\n    ${survived}: "drop.bpf.c: == -> >=`);

  await writeFile(
    clone.path('content/exercises', id, 'mutants.yaml'),
    `- reason: The test took the negative control out of the exercise.\n  mutants: { ${survived}: it }\n`,
  );
  expect(await clone.grade(again)).toMatchObject({ code: 0, stdout: expect.stringContaining('passes, with a reason') });
  expect(await clone.grade(['verify', id, '--mutate', '--mutant', 'no-such'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('No mutant has the id no-such'),
  });
  await rm(clone.path('content/exercises', id, 'mutants.yaml'));
  await restore();
});

test('many authors at once: every draft is listed', async () => {
  const ids = Array.from({ length: 5 }, (_, i) => `trial/race-${i}`);
  const made = await Promise.all(ids.map((one) => clone.grade(['new', one, '--kind', 'bpftrace'])));
  expect(made.map(({ code }) => code)).toEqual(ids.map(() => 0));
  const { drafts } = JSON.parse(await readFile(clone.path('content/exercises/course.json'), 'utf8')) as {
    drafts: string[];
  };
  const { drafts: before = [] } = JSON.parse(
    await readFile(join(repository, 'content/exercises/course.json'), 'utf8'),
  ) as {
    drafts?: string[];
  };
  expect(drafts.sort()).toEqual([...before, id, ...ids].sort());
});
