/** What makes a verification stale, and what does not. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { basisOf } from '../../../grader/course/basis.ts';
import { check, exercise } from '../verdict/exercises.ts';
import { temporaryFolder } from '../temporary.ts';

const files = {
  'grader/cli/cases.ts': '',
  'grader/course/code.ts': '',
  'grader/kit/index.ts': "export { tcp } from './network/packets.ts';\nexport { Pod } from './pods/pods.ts';\n",
  'grader/kit/kit.ts': "import { explain } from '../explain/index.ts';\n",
  'grader/kit/network/packets.ts': '',
  'grader/kit/pods/pods.ts': '',
  'grader/explain/index.ts': '',
  'grader/machine/vm/guest.ts': '',
  'grader/verdict/judge.ts': '',
  'environment/image.sh': '',
  'environment/kernels.json': '',
  'environment/guest/loader.c': '',
  'environment/lab/root.sh': '',
  'environment/vagrant/provision.sh': '',
  'environment/lima/hookpoint.yaml': '',
  'content/exercises/a/b/exercise.ts': "import { tcp } from '#kit';\nimport { frames } from './workload.ts';\n",
  'content/exercises/a/b/workload.ts': '',
  'content/exercises/a/b/task.mdx': '',
  'content/exercises/a/b/solution/x.c': '',
  'content/exercises/a/c/exercise.ts': '',
};

let root: string;
const basis = (kernel = '6.12') =>
  basisOf(root, { ...exercise(check('load')), folder: join(root, 'content/exercises/a/b') }, kernel);
beforeEach(async () => {
  root = await temporaryFolder(files);
});

test.each([
  ['the exercise', 'content/exercises/a/b/workload.ts', true],
  ['its solution', 'content/exercises/a/b/solution/x.c', true],
  ['its task', 'content/exercises/a/b/task.mdx', false],
  ['another exercise', 'content/exercises/a/c/exercise.ts', false],
  ['a room of the kit that it uses', 'grader/kit/network/packets.ts', true],
  ['a room of the kit that it does not use', 'grader/kit/pods/pods.ts', false],
  ['what every exercise uses of the kit', 'grader/kit/kit.ts', true],
  ['the judge', 'grader/verdict/judge.ts', true],
  ['what errors are said with', 'grader/explain/index.ts', false],
  ['the image’s recipe', 'environment/image.sh', true],
  ['a tool of the guest', 'environment/guest/loader.c', true],
  ['the list of kernels', 'environment/kernels.json', false],
  ['the lab, in which nothing is verified', 'environment/lab/root.sh', false],
  ['a machine of one’s own', 'environment/vagrant/provision.sh', false],
  ['a machine of one’s own, by Lima', 'environment/lima/hookpoint.yaml', false],
])('a change of %s', async (_, path, counts) => {
  const before = await basis();
  const text = files[path as keyof typeof files];
  await writeFile(join(root, path), `${text}// changed\n`);
  expect((await basis()) !== before).toBe(counts);
  await writeFile(join(root, path), text);
  expect(await basis()).toBe(before);
});

test('another kernel', async () => {
  expect(await basis('7.3')).not.toBe(await basis('6.12'));
});
