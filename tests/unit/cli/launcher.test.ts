/**
 * What happens before the command is TypeScript: ./grade, and the launcher in grader/bin. npm is one that writes down how it
 * was called, and installs nothing but what a test says.
 */
import { execFile, spawn } from 'node:child_process';
import { chmod, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { isAlive, repository } from '../../support/clone.ts';
import { until } from '../../support/until.ts';
import { temporaryFolder } from '../temporary.ts';

const run = promisify(execFile);
const ownNode = `node_modules/node-${process.platform}-${process.arch}`;
const needed = { 'node_modules/zod': { version: '2.0.0' } };
const pinned = { [ownNode]: { version: '24.0.0', optional: true } };
const siteOnly = { 'node_modules/astro': { version: '7.0.0', dev: true } };
const lockfile = {
  packages: {
    '': {},
    ...needed,
    ...siteOnly,
    ...pinned,
    'node_modules/fsevents': { version: '1.0.0', optional: true },
  },
};
/** A Node that says it is older than it is. */
const older = [
  '--import',
  `data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '20.19.0' })`,
];
const quietly = '--ignore-scripts --no-fund --no-audit --loglevel=error';

let root: string;
beforeEach(async () => {
  root = await temporaryFolder({
    'package-lock.json': JSON.stringify(lockfile),
    'package.json': '{"type": "module"}',
    'grader/cli/main.ts': `const said: string = process.argv.slice(2).join(' ');
      if (said === 'wait') {
        setInterval(() => {}, 1000);
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])
          process.on(signal, () => { console.log(signal); process.exit(130); });
      }
      // Ready for signals when it says so.
      console.log(\`\${process.pid} \${process.env.PINNED ? 'pinned' : 'system'}: \${said}\`);`,
  });
  for (const file of ['grade', 'grader/bin/grade.mjs']) await cp(join(repository, file), join(root, file));
  await script('bin/npm', `echo "$@" >>"${root}/calls"`);
});

test('a learner gets what grade needs, without the site, the tests and another Node', async () => {
  await launch();
  expect(await calls()).toEqual([`ci --omit=dev --omit=optional ${quietly}`]);
});

test('a Node that reads no TypeScript has one installed that does', async () => {
  await launch({ node: older });
  expect(await calls()).toEqual([`ci --omit=dev --include=optional ${quietly}`]);
});

test('nothing is installed if all that grade needs is there', async () => {
  await install(needed);
  expect(await launch()).toContain('system: list');
  expect(await calls()).toEqual([]);
});

test('a package of the site that is missing or old is nothing to grade', async () => {
  await install({ ...needed, 'node_modules/astro': { version: '6.0.0', dev: true } });
  await launch();
  expect(await calls()).toEqual([]);
});

test('who has installed the site keeps it when another package is renewed', async () => {
  await install({ 'node_modules/zod': { version: '1.0.0' }, ...siteOnly });
  await launch();
  expect(await calls()).toEqual([`ci --include=optional ${quietly}`]);
});

test.each([
  ['an installation that was stopped half-way', '{"packages": {"node_mod'],
  ['a Node of another version', JSON.stringify({ packages: { ...needed, [ownNode]: { version: '23.0.0' } } })],
])('%s is made anew', async (_, list) => {
  await install(needed);
  await writeFile(join(root, 'node_modules/.package-lock.json'), list);
  await launch();
  expect(await calls()).toHaveLength(1);
});

test('the installed Node takes over from one that is too old, and ./grade starts it at once', async () => {
  await install({ ...needed, ...pinned });
  expect(await launch({ node: older })).toContain('pinned: list');
  const grade = spawn(join(root, 'grade'), ['list'], { stdio: ['ignore', 'pipe', 'ignore'] });
  expect(await outputOf(grade)).toBe(`${grade.pid} pinned: list\n`);
});

test('./grade is one process with the Node on PATH, also through a link, from elsewhere, with blanks in the path', async () => {
  await install(needed);
  const home = await temporaryFolder({ 'some where/': '' });
  await cp(root, join(home, 'my course'), { recursive: true });
  await symlink('../my course/grade', join(home, 'some where/g'));
  const env = { ...process.env, PATH: `${process.execPath.replace(/\/[^/]*$/, '')}:/usr/bin:/bin` };
  const grade = spawn('./g', ['task', 'a  b'], { cwd: join(home, 'some where'), env, stdio: ['ignore', 'pipe', 2] });
  expect(await outputOf(grade)).toBe(`${grade.pid} system: task a  b\n`);
});

test('without any Node ./grade says how to get one', async () => {
  const ended = run('/bin/sh', [join(root, 'grade')], { env: { PATH: await withoutNode() } });
  await expect(ended).rejects.toMatchObject({ code: 3, stderr: expect.stringContaining('apt-get install nodejs npm') });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGKILL'] as const)(
  'where two processes remain, %s to the launcher alone ends both',
  async (signal) => {
    await install({ ...needed, ...pinned });
    const launcher = spawn(process.execPath, [...older, join(root, 'grader/bin/grade.mjs'), 'wait'], {
      stdio: ['ignore', 'pipe', 2],
    });
    onTestFinished(() => void launcher.kill('SIGKILL'));
    let said = '';
    launcher.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise((resolve) => launcher.once('close', (...how) => resolve(how)));
    await until(async () => said.includes('pinned: wait'), 30_000, 'the start');
    const grader = Number(said.split(' ')[0]);
    expect(grader).not.toBe(launcher.pid);
    launcher.kill(signal);
    expect(await ended).toEqual(signal === 'SIGKILL' ? [null, 'SIGKILL'] : [130, null]);
    await until(async () => !isAlive(grader), 10_000, 'the end of the grader');
    expect(said).toContain(signal === 'SIGKILL' ? 'SIGTERM' : signal);
  },
);

/** As npm leaves it. */
async function install(packages: object): Promise<void> {
  await mkdir(join(root, 'node_modules/.bin'), { recursive: true });
  await writeFile(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
  if (!(ownNode in packages)) return;
  await script(`${ownNode}/bin/node`, `PINNED=1 exec "${process.execPath}" "$@"`);
  await symlink(join(root, ownNode, 'bin/node'), join(root, 'node_modules/.bin/node'));
}

/** What it prints, by whatever end. */
async function launch({ node = [] as string[] } = {}): Promise<string> {
  const env = { ...process.env, PATH: `${join(root, 'bin')}:${process.env['PATH']}` };
  const { stdout } = await run(process.execPath, [...node, join(root, 'grader/bin/grade.mjs'), 'list'], { env }).catch(
    (error: { stdout: string }) => error,
  );
  return stdout;
}

async function calls(): Promise<string[]> {
  return (await readFile(join(root, 'calls'), 'utf8').catch(() => '')).split('\n').filter(Boolean);
}

async function outputOf(child: ReturnType<typeof spawn>): Promise<string> {
  let output = '';
  child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  return output;
}

/** A folder for PATH with nothing in it but what ./grade calls. */
async function withoutNode(): Promise<string> {
  await mkdir(join(root, 'only'));
  await symlink('/usr/bin/readlink', join(root, 'only/readlink'));
  return join(root, 'only');
}

async function script(path: string, text: string): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), `#!/bin/sh\n${text}\n`);
  await chmod(join(root, path), 0o755);
}
