/** TAB in real shells. Those that are not installed here are left out. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createProgram } from '../../../grader/cli/program.ts';
import { complete, wordsOf } from '../../../grader/cli/complete.ts';
import { repository } from '../../support/clone.ts';
import { temporaryFolder } from '../temporary.ts';

const run = promisify(execFile);
const isThere = (shell: string) => spawnSync(shell, ['--version']).status === 0;
const offered = async (...words: string[]) => (await complete(repository, words)).map(({ value }) => value);

test('commands and exercises, options, and the values of options', async () => {
  const names = wordsOf(createProgram(() => async () => {})).map(({ name }) => name);
  expect(await offered('')).toEqual([...names.slice(1), ...(await offered('task', ''))]);
  expect(await offered('hint', 'programs/')).toEqual([
    'programs/hello',
    'programs/fexit-latency',
    'programs/uprobe-args',
    'programs/iter-sockets',
    'programs/loader',
  ]);
  expect(await offered('--kernel', '6.1')).toEqual(['6.1', '6.12', '6.18']);
  expect(await offered('--kernel', '6.12', 'hin')).toEqual(['hint']);
  expect(await offered('solution', 'programs/hello', '--d')).toEqual(['--diff']);
  expect(await offered('new', '--kind', 'x')).toEqual(['xdp']);
  expect(await offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  expect(await offered('list', 'ne')).toEqual(['networking']);
  expect(await offered('class', 'co')).toEqual(['collect']);
  expect(await offered('help', 'comp')).toEqual(['completion']);
  expect(await offered('status', '')).toEqual([]);
});

test('the command answers a line an offer, and where nothing is installed it offers nothing, and installs nothing', async () => {
  const ask = (root: string) => run(join(root, 'grade'), ['__complete', 'hin']);
  expect((await ask(repository)).stdout).toMatch(/^hint\tgive one more hint[^\n]*\n$/);
  const root = await temporaryFolder({ 'package-lock.json': await readFile(join(repository, 'package-lock.json')) });
  for (const file of ['grade', 'grader/bin/grade.mjs']) await cp(join(repository, file), join(root, file));
  expect(await ask(root)).toEqual({ stdout: '', stderr: '' });
});

/** Types into an interactive shell on a terminal of its own until it shows what is waited for. */
async function pressTab(shell: 'bash' | 'zsh', line: string, wanted: string): Promise<void> {
  const argv = { bash: 'bash --noprofile --norc -i', zsh: 'zsh -f -i' }[shell];
  const child = spawn('script', ['-qec', argv, '/dev/null'], {
    cwd: join(repository, 'content'),
    env: { ...process.env, TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let screen = '';
  const shows = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => void (screen.includes(text) && resolve());
      child.stdout.on('data', look);
      child.once('exit', () => reject(new Error(`${shell} ended: ${screen}`)));
      look();
    });
  child.stdout.on('data', (chunk: Buffer) => (screen += chunk.toString()));
  try {
    // The answer is not what was typed, so that an echo is not taken for it.
    child.stdin.write(`. ${join(repository, 'grader/completion', `grade.${shell}`)}; echo rea''dy\n`);
    await shows('ready');
    child.stdin.write(`${line}\t`);
    await shows(wanted);
  } finally {
    child.kill('SIGKILL');
  }
}

for (const shell of ['bash', 'zsh'] as const) {
  test.skipIf(!isThere(shell)).each([
    ['grade hint maps/cou', 'maps/count-execs'],
    ['npx grade sol', 'npx grade solution'],
    ['npx --yes grade start networking/xdp', 'networking/xdp-drop-tcp'],
    ['npx grade --machine h', '--machine host'],
  ])(`${shell}: %s`, async (line, wanted) => {
    await pressTab(shell, line, wanted);
  });
}

test.skipIf(!isThere('fish'))('fish', async () => {
  const ask = async (line: string) =>
    (
      await run(
        'fish',
        ['--no-config', '-c', `. ${join(repository, 'grader/completion/grade.fish')}; complete -C '${line}'`],
        { cwd: join(repository, 'content') },
      )
    ).stdout;
  expect(await ask('grade hint maps/c')).toBe('maps/count-execs\tMaps\n');
  expect(await ask('npx grade sol')).toMatch(/^solution\t/);
  expect(await ask('npx --yes grade --kernel 6.12')).toMatch(/^6\.12\t/);
  expect(await ask('npx gra')).toBe('grade\tgrade your solution\n');
});

test('what completed npx before goes on doing so in bash', async () => {
  const script = `_before() { COMPREPLY=(before); }; complete -F _before npx; . ${join(repository, 'grader/completion/grade.bash')}; . ${join(repository, 'grader/completion/grade.bash')};
    COMP_WORDS=(npx tsc ''); COMP_CWORD=2; _grade_npx; echo "\${COMPREPLY[@]}"`;
  expect((await run('bash', ['-c', script], { cwd: repository })).stdout).toBe('before\n');
});
