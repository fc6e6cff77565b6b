/** Programs of lessons on the lab's machine, as their readers try them: what the verifier takes is loaded, what it refuses is explained. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labPreparation } from '../../grader/cli/lab.ts';
import type { Lab } from '../../grader/machine/lab/lab.ts';
import { restoreLab, setUpLab } from '../../grader/machine/lab/set-up.ts';
import { silent } from '../../grader/machine/progress.ts';
import { kernelEntry } from '../../grader/machine/vm/vm.ts';
import { readPrograms } from '../../site/course/programs.ts';
import { lookAt, openShell, pinsOf, prepare, toolsOf, tryProgram } from '../../site/lab/workbench/guest.ts';
import { repository } from '../support/clone.ts';

const programs = await readPrograms(repository);

let lab: Lab;
beforeAll(async () => {
  const ready = await setUpLab(await kernelEntry(undefined), labPreparation, silent);
  lab = await restoreLab(ready);
  await prepare(lab);
}, 3_600_000);
afterAll(() => lab?.stop());

const before = new Set<string>();
const onStage = () => {};

describe('each is tried', () => {
  test.each(Object.keys(programs))('%s', async (path) => {
    const { file, files } = programs[path]!;
    const tried = await tryProgram(lab, { file, files }, { before, onStage });
    before.add(pinsOf(file));
    const about = `${tried.explanation?.message.text ?? ''}\n${tried.log}`;
    const isRefused = file.startsWith('refused-');
    expect(tried.outcome, about).toBe(isRefused ? 'refused' : 'loaded');
    if (isRefused) expect(tried.explanation).toMatchObject({ recognised: true });
  });
});

test('what is loaded is listed; what waits says what attaches it, and that does', async () => {
  const { file, files } = programs['programs/contexts.bpf.c']!;
  const { programs: found } = await tryProgram(lab, { file, files }, { before, onStage });
  expect(found.map(({ name, isAttached }) => [name, isAttached])).toEqual([
    ['on_kill', true],
    ['on_packet', false],
    ['on_connect', false],
  ]);
  for (const { command } of found)
    if (command !== null) expect(await lab.run(['sh', '-c', command])).toMatchObject({ code: 0, stderr: '' });
  const state = await lookAt(lab);
  expect(state.programs.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['on_kill', 'on_packet', 'on_connect']),
  );
  expect(state.links).toContainEqual(expect.objectContaining({ facts: expect.stringContaining('sys_enter_kill') }));
  await lab.run(['bpftool', 'net', 'detach', 'xdpgeneric', 'dev', 'lo']);
});

test('a struct of operations is registered by what it says', async () => {
  const { file, files } = programs['modern/careful.bpf.c']!;
  const { programs: found } = await tryProgram(lab, { file, files }, { before, onStage });
  const command = found.find(({ isAttached }) => !isAttached)?.command;
  if (command) expect(await lab.run(['sh', '-c', command], { cwd: '/root/lesson' })).toMatchObject({ code: 0 });
});

test('the terminal is a shell that edits lines, and whose commands are processes of their own', async () => {
  const { file, files } = programs['programs/goodbye.bpf.c']!;
  expect(await tryProgram(lab, { file, files }, { before, onStage })).toMatchObject({ outcome: 'loaded' });
  const shell = openShell(lab, { rows: 24, columns: 80 });
  let said = '';
  shell.stdout.on('data', (chunk: Uint8Array) => (said += new TextDecoder().decode(chunk)));
  // The arrow brings the first command back.
  shell.stdin.write('ls /etc/passwd\r');
  await expect.poll(() => said, { timeout: 60_000 }).toContain('\n/etc/passwd');
  shell.stdin.write(
    'clang -O2 -g --target=bpf -c goodbye.bpf.c && tty && grep " ls-" /sys/kernel/tracing/trace; exit\r',
  );
  await shell.done;
  expect(said).toContain('/dev/pts/');
  expect(said).toMatch(/ ls-\d+/);
});

test('it says which tools it has', async () => {
  expect(await toolsOf(lab)).toEqual(expect.arrayContaining(['bpftool', 'ip', 'ping', 'cat', 'grep', 'busybox']));
});
