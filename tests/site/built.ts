/**
 * vitest's global set-up: builds the site once, as it would be published below a path, and serves it as any static server does.
 * BUILT_SITE names a folder in which the build is kept, and taken from if it is there.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { repository } from '../support/clone.ts';
import { serve } from './server.ts';

/** GitHub Pages publishes a repository below its name; what works there works at the root as well. */
export const base = '/hookpoint';
/** Where a fork of the course would have its sources. */
export const sources = 'https://git.example.org/somebody/course';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the built site, without its base. */
    dist: string;
    /** Where it is served, with its base, without a slash at the end. */
    url: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kept = process.env.BUILT_SITE;
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'hookpoint-site-')));
  const dist = join(folder, 'dist');
  // Its pages say where they are, so it is served there again.
  const origin = await readFile(join(folder, 'origin'), 'utf8').catch(() => undefined);
  const server = await serve(dist, base, origin === undefined ? 0 : Number(new URL(origin).port));
  const close = async () => {
    await server.close();
    if (kept === undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    if (origin === undefined) {
      await build(dist, server.origin);
      await writeFile(join(folder, 'origin'), server.origin);
    }
  } catch (error) {
    await close();
    throw error;
  }
  project.provide('dist', dist);
  project.provide('url', `${server.origin}${base}`);
  return close;
}

/** Rejects with what Astro said, also if it only warned of a language that it does not know. */
async function build(dist: string, origin: string): Promise<void> {
  const env = {
    ...process.env,
    OUT_DIR: dist,
    BASE_PATH: base,
    SITE_URL: origin,
    REPOSITORY_URL: sources,
    ASTRO_TELEMETRY_DISABLED: '1',
    NODE_ENV: 'production',
  };
  const child = spawn(process.execPath, [join(repository, 'node_modules/astro/bin/astro.mjs'), 'build'], {
    cwd: repository,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0 || /language .*(could not be found|doesn't exist|not found)/i.test(said))
    throw new Error(`The site does not build:\n${said.slice(-6000)}`);
}
