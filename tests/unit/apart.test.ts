import { describe, expect, test } from 'vitest';
import { kernelDevice } from '../../grader/kit/processes/access.ts';
import { asLearner, inNamespaces } from '../../grader/kit/guest/apart.ts';
import { explainGcc } from '../../grader/kit/program/c-program.ts';
import { printed } from '../../grader/kit/pods/pods.ts';
import { decisionOf } from '../../grader/kit/processes/seccomp.ts';

describe('asLearner', () => {
  test('drops every capability but those named', () => {
    expect(asLearner(['a', 'b'], { capabilities: ['bpf'] })).toEqual([
      'prlimit',
      '--memlock=unlimited',
      '--',
      'setpriv',
      '--reuid=61000',
      '--regid=61000',
      '--clear-groups',
      '--bounding-set=-all,+bpf',
      '--inh-caps=-all,+bpf',
      '--ambient-caps=-all,+bpf',
      '--no-new-privs',
      'a',
      'b',
    ]);
  });

  test('is let gain privileges only where that is said', () => {
    expect(asLearner(['a'], { mayGainPrivileges: true })).not.toContain('--no-new-privs');
  });
});

test('the namespaces hand the command on unchanged', () => {
  expect(inNamespaces(['a b', '$c']).slice(-2)).toEqual(['a b', '$c']);
});

describe('decisionOf', () => {
  const ask = { mode: 'ask', arch: 'native', nr: 1, args: [] } as const;
  const said = { ready: true, over: true, errno: 0, signal: 0 };

  test.each([
    ['what reaches our own filter is allowed', ask, { ...said, errno: 2999 }, 'allowed'],
    ["any other error is the learner's", ask, { ...said, errno: 1 }, { errno: 1 }],
    ['a call that was tried and worked', { ...ask, mode: 'try' as const }, said, 'allowed'],
    ['a killed process', ask, { ...said, over: false, signal: 31 }, { signal: 31 }],
    [
      'no 32-bit calls in this kernel',
      { ...ask, arch: 'i386' as const },
      { ...said, over: false, signal: 11 },
      'impossible',
    ],
  ])('%s', (_, call, answer, decision) => {
    expect(decisionOf(call, answer)).toEqual(decision);
  });

  test('filters that cannot be installed again are no verdict', () => {
    expect(() => decisionOf(ask, { ...said, ready: false })).toThrow();
  });
});

test.each([
  [0x1cn, 28n],
  [0x801n, (8n << 20n) | 1n],
  [0x100000n, 256n],
  [(0xfe00n << 0n) | 3n, (254n << 20n) | 3n],
])("stat's device %x is the kernel's %i", (stDev, device) => {
  expect(kernelDevice(stDev)).toBe(device);
});

test('only what a container prints on standard output counts', () => {
  expect(printed('2026-11-22T19:07:11.1+00:00 stdout F 12 name')).toBe('12 name');
  expect(printed('2026-11-22T19:07:11.1+00:00 stderr F ready')).toBeNull();
  expect(printed('ready')).toBeNull();
});

describe('explainGcc', () => {
  const sources = new Map([['a.c', 'int x;\nint f(void) { return y; }\n']]);

  test('shows the line of the first error', () => {
    const { actual, location } = explainGcc(
      'a.c: In function ‘f’:\na.c:2:22: error: ‘y’ undeclared\na.c:3:1: error: more\n',
      sources,
    );
    expect(actual).toBe('‘y’ undeclared');
    expect(location).toMatchObject({ file: 'a.c', line: 2 });
  });

  test('says which function is missing, or there twice', () => {
    expect(explainGcc("/usr/bin/ld: rest.c:2: undefined reference to `install_filter'\n", sources).text).toContain(
      'install_filter',
    );
    expect(explainGcc("multiple definition of `main'; first defined here\n", sources).help).toContain(
      'leave yours out',
    );
  });
});
