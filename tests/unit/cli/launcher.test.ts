/** Which packages the launcher has npm install: npm is one that writes down how it was called, and installs nothing. */
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { repository } from '../../support/clone.ts';
import { temporaryFolder } from '../temporary.ts';

const needed = { 'node_modules/tsx': { version: '2.0.0' } };
const siteOnly = { 'node_modules/astro': { version: '7.0.0', dev: true } };
const lockfile = { packages: { '': {}, ...needed, ...siteOnly, 'node_modules/fsevents': { version: '1.0.0', optional: true } } };

let root: string;
beforeEach(async () => {
  root = await temporaryFolder();
  await mkdir(join(root, 'grader/bin'), { recursive: true });
  await cp(join(repository, 'grader/bin/grade.mjs'), join(root, 'grader/bin/grade.mjs'));
  await writeFile(join(root, 'package-lock.json'), JSON.stringify(lockfile));
  await script(join(root, 'bin/npm'), `echo "$@" >>"${root}/calls"`);
});

test('a learner gets what grade needs, without the site and the tests', async () => {
  await launch();
  expect(await calls()).toEqual(['ci --omit=dev --no-fund --no-audit --loglevel=error']);
});

test('nothing is installed if all that grade needs is there', async () => {
  await install(needed);
  await launch();
  expect(await calls()).toEqual([]);
});

test('a package of the site that is missing or old is nothing to grade', async () => {
  await install({ ...needed, 'node_modules/astro': { version: '6.0.0', dev: true } });
  await launch();
  expect(await calls()).toEqual([]);
});

test('who has installed the site keeps it when another package is renewed', async () => {
  await install({ 'node_modules/tsx': { version: '1.0.0' }, ...siteOnly });
  await launch();
  expect(await calls()).toEqual(['ci --no-fund --no-audit --loglevel=error']);
});

test('an installation that was stopped half-way is made anew', async () => {
  await install(needed);
  await writeFile(join(root, 'node_modules/.package-lock.json'), '{"packages": {"node_mod');
  await launch();
  expect(await calls()).toHaveLength(1);
});

/** As npm leaves it. */
async function install(packages: object): Promise<void> {
  await script(join(root, 'node_modules/.bin/node'), 'exit 0');
  await mkdir(join(root, 'node_modules/tsx'));
  await writeFile(join(root, 'node_modules/tsx/package.json'), '{"name": "tsx", "exports": "./loader.js"}');
  await writeFile(join(root, 'node_modules/tsx/loader.js'), '');
  await writeFile(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
}

async function launch(): Promise<void> {
  const env = { ...process.env, PATH: `${join(root, 'bin')}:${process.env.PATH}` };
  await promisify(execFile)(process.execPath, [join(root, 'grader/bin/grade.mjs')], { env }).catch(() => {});
}

async function calls(): Promise<string[]> {
  return (await readFile(join(root, 'calls'), 'utf8').catch(() => '')).split('\n').filter(Boolean);
}

async function script(path: string, text: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
}
