/** The dev container brings what the grader asks for, and runs what is there. No container is started here. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { packagesFor } from '../../grader/cli/packages.ts';
import { repository } from '../support/clone.ts';

const folder = join(repository, '.devcontainer');
const container = z.object({
  build: z.object({ dockerfile: z.string() }),
  remoteUser: z.string(),
  // To mount while the guest's image is built, and for /dev/kvm where the host has it.
  privileged: z.literal(true),
  onCreateCommand: z.string(),
});

test('it installs every system package that building and running a guest needs', async () => {
  const { build, remoteUser, onCreateCommand } = container.parse(
    JSON.parse(await readFile(join(folder, 'devcontainer.json'), 'utf8')),
  );
  const dockerfile = await readFile(join(folder, build.dockerfile), 'utf8');
  const [, list = ''] = /apt-get install([^&]*)&&/.exec(dockerfile) ?? [];
  const installed = list.split(/[\s\\]+/);
  expect(installed).toEqual(
    expect.arrayContaining([...packagesFor.build.map(({ name }) => name), 'nodejs', 'npm', 'git', 'sudo']),
  );
  expect(dockerfile).toContain(`USER ${remoteUser}\n`);
  const [shell, script] = onCreateCommand.split(' ');
  expect([shell, existsSync(join(repository, script!))]).toEqual(['sh', true]);
});

test('its terminal has the signs of a verdict, and root sees the accelerator as its user does, at the set-up as at every start', async () => {
  expect(await readFile(join(folder, 'Dockerfile'), 'utf8')).toMatch(/^ENV LANG=C\.UTF-8$/m);
  const { postStartCommand } = z
    .object({ postStartCommand: z.string() })
    .parse(JSON.parse(await readFile(join(folder, 'devcontainer.json'), 'utf8')));
  const create = await readFile(join(folder, 'create.sh'), 'utf8');
  expect(create.indexOf(postStartCommand)).toBeGreaterThan(0);
  expect(create.indexOf(postStartCommand)).toBeLessThan(create.indexOf('./grade setup'));
});

test('it is of a Debian that the course is tested on', async () => {
  expect(await readFile(join(folder, 'Dockerfile'), 'utf8')).toMatch(/^FROM debian:13$/m);
  expect(await readFile(join(repository, 'README.md'), 'utf8')).toContain('On Debian 12 or 13');
});
