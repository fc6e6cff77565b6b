/** The machines of one's own in environment/: what they name is there, and what the lesson says is what the files say. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { repository } from '../support/clone.ts';

const read = (path: string) => readFile(join(repository, path), 'utf8');
const commands = (text: string) =>
  text.match(/^#? *(?:limactl|vagrant) .*/gm)!.map((line) => line.replace(/^#\s*/, '').replace(/\s{3,}.*/, ''));

test('Lima: the course is shared where the provisioning is called, and the parameter is used', async () => {
  const text = await read('environment/lima/hookpoint.yaml');
  const { base, mounts, param } = parse(text);
  expect(base).toBe('template:_images/debian-13');
  expect(mounts).toEqual([{ location: '{{.Param.course}}', mountPoint: '/hookpoint', writable: true }]);
  expect(param).toEqual({ course: '' });
  const provision = text.match(/\/hookpoint\/(\S+\.sh)/)![1]!;
  expect((await stat(join(repository, provision))).isFile()).toBe(true);
});

test.each(['environment/lima/hookpoint.yaml', 'environment/vagrant/Vagrantfile'])(
  'what the lesson says to type is what %s says',
  async (path) => {
    const lesson = commands(await read('content/docs/setup/reference-environment.mdx'));
    const own = commands(await read(path)).filter((line) => !/^vagrant \w+[-:]/.test(line));
    expect(own.length).toBeGreaterThan(3);
    const tool = own[0]!.split(' ')[0]!;
    for (const line of lesson.filter((one) => one.startsWith(`${tool} `))) expect(own).toContain(line);
  },
);
