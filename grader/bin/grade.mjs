#!/usr/bin/env node
// Starts the `grade` command. Runs under whatever Node the system has, before anything is installed, so it is plain
// JavaScript without dependencies: it installs the npm packages if they are not all there, then hands over to the
// Node 24 that is one of them.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const oldestNode = 18;

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  console.error(`grade: Node ${process.versions.node} is too old to install the course's packages; it needs Node ${oldestNode} or newer.`);
  console.error('  Debian and Ubuntu: sudo apt-get install nodejs npm');
  process.exit(3);
}

// A press of TAB must be answered at once, and install nothing.
if (process.argv[2] === '__complete') {
  const { complete } = await import('./complete.mjs');
  for (const { value, about } of await complete(root, process.argv.slice(3))) console.log(`${value}\t${about}`);
  process.exit(0);
}

if (!isInstalled()) {
  console.error('Installing the npm packages (once, from package-lock.json) …');
  const started = Date.now();
  const code = await run('npm', ['ci', ...installOptions(), '--no-fund', '--no-audit', '--loglevel=error'], { stdio: ['ignore', 2, 2], cwd: root });
  if (code === 130) process.exit(130);
  if (code !== 0 || !isInstalled()) {
    console.error('grade: the npm packages could not be installed; nothing was graded.');
    console.error(`  Check the network and the disk, then run the same command again, or see more with: npm ci --prefix ${root}`);
    process.exit(3);
  }
  console.error(`✓ npm packages  ${Math.round((Date.now() - started) / 1000)} s`);
}

// That Node reads TypeScript by itself, and remembers what it has compiled: half of the start is saved.
const node = join(root, 'node_modules/.bin/node');
const env = { ...process.env, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules/.cache/node') };
process.exit(await run(node, [join(root, 'grader/cli/main.ts'), ...process.argv.slice(2)], { stdio: 'inherit', env }));

/** Whether every package that `grade` needs is there: npm writes the list in node_modules last, after all else is done. */
function isInstalled() {
  const wanted = packagesIn('package-lock.json');
  const present = packagesIn('node_modules/.package-lock.json');
  return (
    '' in wanted &&
    existsSync(join(root, 'node_modules/.bin/node')) &&
    Object.entries(wanted).every(([path, { version, optional, dev, devOptional }]) => path === '' || optional || dev || devOptional || present[path]?.version === version)
  );
}

/** Learners need neither the site nor the tests; whoever has installed them (`npm ci`, `npm cit`) keeps them. */
function installOptions() {
  return Object.values(packagesIn('node_modules/.package-lock.json')).some(({ dev }) => dev) ? [] : ['--omit=dev'];
}

/** By path; empty if there is no such file or npm was stopped while it wrote it. */
function packagesIn(lockfile) {
  try {
    return JSON.parse(readFileSync(join(root, lockfile), 'utf8')).packages;
  } catch {
    return {};
  }
}

/** Resolves with the exit code; Ctrl-C reaches the child as well, which decides what to do about it. */
function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, options);
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('error', (error) => {
      console.error(`grade: ${command} could not be started: ${error.message}`);
      resolve(3);
    });
    child.on('exit', (code, signal) => resolve(signal === 'SIGINT' ? 130 : signal ? 70 : (code ?? 70)));
  });
}
