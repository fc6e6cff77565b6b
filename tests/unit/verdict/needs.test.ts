import { expect, test } from 'vitest';
import { olderThan, unmetNeeds } from '../../../grader/verdict/needs.ts';

const facts = {
  kernel: '5.10.0-46-cloud-amd64',
  arch: 'x86_64',
  config: 'CONFIG_BPF=y\nCONFIG_VETH=m\n# CONFIG_X is not set\n',
  tools: ['clang'],
};

test('says each thing that is missing', () => {
  const needs = { kernel: '6.1', config: ['CONFIG_BPF', 'CONFIG_VETH', 'CONFIG_X'], tools: ['clang', 'bpftrace'] };
  expect(unmetNeeds(needs, facts)).toMatchInlineSnapshot(`
    [
      "It needs Linux 6.1 or newer; this is 5.10.0-46-cloud-amd64.",
      "It needs a kernel with CONFIG_X; this one is built without it.",
      "It needs the command bpftrace, which is not on the machine.",
    ]
  `);
});

test('nothing is missing', () => {
  expect(unmetNeeds({ kernel: '5.10' }, facts)).toEqual([]);
  expect(unmetNeeds({ kernel: '5.10', config: ['CONFIG_X'] }, { ...facts, config: null })).toEqual([]);
});

test.each([
  ['5.9.1', '5.10', true],
  ['6.1', '5.10', false],
  ['6.12.117+deb13', '6.12', false],
  ['7.3', '10.0', true],
  ['strange', '5.10', false],
])('%s older than %s: %s', (release, oldest, expected) => {
  expect(olderThan(release, oldest)).toBe(expected);
});

test('an exercise about one architecture', () => {
  expect(unmetNeeds({ kernel: '5.10', arch: ['x86_64'] }, facts)).toEqual([]);
  expect(unmetNeeds({ kernel: '5.10', arch: ['x86_64'] }, { ...facts, arch: 'aarch64' })).toEqual([
    'It is about x86_64; this machine is aarch64.',
  ]);
});
