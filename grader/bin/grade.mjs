#!/usr/bin/env node
// Starts the `grade` command. It runs under whatever Node there is, before anything is installed, so it is plain JavaScript
// without dependencies: it installs the npm packages if they are not all there, and goes on in this very process if its Node
// reads TypeScript. If not, one that does is among the packages: it takes over, and ./grade finds it the next time.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const [major, minor] = process.versions.node.split('.').map(Number);
// Types are read since 22.18, zstd since 22.15, and undici, which downloads, wants 22.19. Of 23 nothing is maintained.
const readsTypeScript = major >= 24 || (major === 22 && minor >= 19);
/** The package of the Node that takes over, below node_modules. */
const ownNode = `node-${process.platform}-${process.arch}`;
const isTab = process.argv[2] === '__complete';

if (major < 18)
  stop(`Node ${process.versions.node} is too old to install the course's packages; it needs Node 18 or newer.`, [
    'Debian and Ubuntu: sudo apt-get install nodejs npm',
  ]);
// A press of TAB installs nothing.
if (!isInstalled() || (isTab && !readsTypeScript)) await (isTab ? process.exit(0) : install());
if (readsTypeScript) await start(isTab ? '../cli/complete.ts' : '../cli/main.ts');
else process.exit(await handOver());

/** Whether every package that `grade` needs is there: npm writes the list in node_modules last, after all else is done. */
function isInstalled() {
  const wanted = packagesIn('package-lock.json');
  const present = packagesIn('node_modules/.package-lock.json');
  const node = present[`node_modules/${ownNode}`];
  return (
    '' in wanted &&
    (node === undefined ? readsTypeScript : node.version === wanted[`node_modules/${ownNode}`]?.version) &&
    Object.entries(wanted).every(
      ([path, { version, optional, dev, devOptional }]) =>
        path === '' || optional || dev || devOptional || present[path]?.version === version,
    )
  );
}

/** By path; empty if there is no such file or npm was stopped while it wrote it. */
function packagesIn(lockfile) {
  try {
    return JSON.parse(readFileSync(join(root, lockfile), 'utf8')).packages;
  } catch {
    return {};
  }
}

async function install() {
  console.error('Installing the npm packages (once, from package-lock.json) …');
  const started = Date.now();
  const quiet = ['--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'];
  const { code, signal } = await run('npm', ['ci', ...whichPackages(), ...quiet], {
    stdio: ['ignore', 2, 2],
    cwd: root,
  });
  if (signal === 'SIGINT' || code === 130) process.exit(130);
  if (code === 0 && !readsTypeScript && !existsSync(join(root, 'node_modules', ownNode)))
    stop(
      `Node ${process.versions.node} cannot run the course, and npm has none for ${process.platform}-${process.arch}.`,
      ['Install Node 22.19 or newer: see nodejs.org'],
    );
  if (code !== 0 || !isInstalled())
    stop('the npm packages could not be installed; nothing was graded.', [
      `Check the network and the disk, then run the same command again, or see more with: npm ci --prefix ${root}`,
    ]);
  console.error(`✓ npm packages  ${Math.round((Date.now() - started) / 1000)} s`);
}

/**
 * Learners need neither the site nor the tests; whoever has installed them (`npm ci`, `npm cit`) keeps them. A Node of 190 MB
 * is fetched only where this one will not do, also if npm is told to leave optional packages out.
 */
function whichPackages() {
  if (Object.values(packagesIn('node_modules/.package-lock.json')).some(({ dev }) => dev))
    return ['--include=optional'];
  return ['--omit=dev', readsTypeScript ? '--omit=optional' : '--include=optional'];
}

/** What was compiled is remembered: half of the start is saved. */
async function start(file) {
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules/.cache/node'));
  // Up to 24.2 Node says at each start that reading TypeScript is an experiment.
  const [print] = process.listeners('warning');
  process.off('warning', print);
  process.on('warning', (warning) => warning.name === 'ExperimentalWarning' || print(warning));
  await import(file);
}

/** Resolves with the exit code. Should this process be killed, the kernel tells the other one to end (setpriv, util-linux). */
async function handOver() {
  const argv = [join(root, 'node_modules', ownNode, 'bin/node'), ...process.argv.slice(1)];
  const survivable = process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'TERM', '--'] : [];
  const [command, ...args] = [...survivable, ...argv];
  const { code, signal } = await run(command, args, { stdio: 'inherit' });
  return signal === 'SIGINT' ? 130 : signal ? 70 : code;
}

/** Ctrl-C reaches the child as well, which takes a second word within the same moment for the same. */
function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, options);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
    const passOn = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, passOn);
    const end = (code, signal) => {
      for (const heard of signals) process.off(heard, passOn);
      resolve({ code, signal });
    };
    child.on('error', (error) => {
      console.error(`grade: ${command} could not be started: ${error.message}`);
      end(3, null);
    });
    child.on('exit', end);
  });
}

/** @param {string[]} remedy */
function stop(what, remedy) {
  console.error(`grade: ${what}`);
  for (const line of remedy) console.error(`  ${line}`);
  process.exit(3);
}
