/** `grade verify` as an author meets it when something is wrong, in a fresh copy of the repository. */
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordFile } from '../../grader/course/verification.ts';
import { Clone, isAlive, pressCtrlC, untilGuest } from '../support/clone.ts';
import { until } from '../support/until.ts';

const id = 'trial/drop';
let clone: Clone;
let written: string;
beforeAll(async () => {
  clone = await Clone.make();
  await clone.grade(['new', id, '--kind', 'xdp']);
  written = await exercise();
});
afterAll(() => clone.remove());

const exercise = () => readFile(clone.path('content/exercises', id, 'exercise.ts'), 'utf8');
const write = (change: (text: string) => string) => writeFile(clone.path('content/exercises', id, 'exercise.ts'), change(written));

test("an author's own error is shown where the author looks", async () => {
  await write((text) => text.replace('const { echo } = await judged(kit);', "throw new Error('look here');"));
  const { code, stdout } = await clone.grade(['verify', `content/exercises/${id}/solution`, '--seeds', '1']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/error at drops[^]*Error: look here\n[^]*exercise\.ts:\d+:\d+[^]*log: \.grade\/logs\/trial\/drop\/drops\.error\.log/);
});

test('an exercise that no kernel is new enough for is no success', async () => {
  await write((text) => text.replace("kernel: '5.10'", "kernel: '9.1'"));
  expect(await clone.grade(['verify', id, '--kernel', 'oldest'])).toMatchObject({ code: 2, stderr: expect.stringContaining('trial/drop needs Linux 9.1') });
  const { code, stdout } = await clone.grade(['verify', id]);
  expect([code, stdout]).toEqual([1, expect.stringContaining('It needs Linux 9.1 or newer')]);
});

test('Ctrl-C ends it after the case under way, and strikes nothing out of the record', async () => {
  await write((text) => text);
  expect(await clone.grade(['verify', id, '--seeds', '1', '--record'])).toMatchObject({ code: 0 });
  const before = await readFile(clone.path(recordFile), 'utf8');
  expect(JSON.parse(before)).toMatchObject({ exercises: { [id]: { kernels: { '6.12': { outcome: 'verified', cases: 6, seeds: 1 } } } } });

  const { child, ended } = clone.start(['verify', id, '--seeds', '5', '--record']);
  const started = await untilGuest(child);
  await pressCtrlC(child);
  const { code, stdout } = await ended;
  expect(code).toBe(130);
  expect(stdout).toContain('Interrupted');
  expect(stdout).not.toMatch(/✗|error at/);
  expect(await readFile(clone.path(recordFile), 'utf8')).toBe(before);
  await until(async () => !started.some(isAlive), 10_000, 'the end of all processes');
});

test('many authors at once: every draft is listed', async () => {
  const ids = Array.from({ length: 5 }, (_, i) => `trial/race-${i}`);
  const made = await Promise.all(ids.map((one) => clone.grade(['new', one, '--kind', 'bpftrace'])));
  expect(made.map(({ code }) => code)).toEqual(ids.map(() => 0));
  const { drafts } = JSON.parse(await readFile(clone.path('content/exercises/course.json'), 'utf8')) as { drafts: string[] };
  expect(drafts.sort()).toEqual([id, ...ids].sort());
});
