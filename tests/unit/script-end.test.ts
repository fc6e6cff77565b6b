import { expect, test } from 'vitest';
import { explainEnd } from '../../grader/kit/scripts/script-end.ts';

const end = { code: 1, signal: 0, stderr: '', timedOut: false, outOfMemory: false };

test('bpftrace: the first error, at its place', () => {
  const stderr =
    'read.bt:2:52-54: WARNING: Addrspace mismatch\nread.bt:3:7-12: ERROR: Struct/union of type x does not contain a field named bytes\n';
  const { actual, location, wholeLog } = explainEnd(
    'read.bt',
    { ...end, stderr },
    new Map([['read.bt', 'a\nb\nc /args.bytes/']]),
  );
  expect(actual).toContain('does not contain a field named bytes');
  expect(location).toEqual({ file: 'read.bt', line: 3, column: 7, source: 'c /args.bytes/' });
  expect(wholeLog).toBe(stderr);
});

test("Python: the last line of the traceback, at the learner's own line", () => {
  const stderr =
    'Traceback (most recent call last):\n  File "/submission/hello.py", line 2, in <module>\n    b.attach()\n  File "/usr/lib/python3/dist-packages/bcc/__init__.py", line 856, in attach_kprobe\n    raise Exception("no")\nException: Failed to attach\n';
  const { actual, location } = explainEnd('hello.py', { ...end, stderr }, new Map([['hello.py', 'x\nb.attach()']]));
  expect(actual).toBe('Exception: Failed to attach');
  expect(location).toEqual({ file: 'hello.py', line: 2, source: 'b.attach()' });
});

test("BCC: what clang says, which comes before Python's own words", () => {
  const stderr =
    '/virtual/main.c:4:19: error: expected expression\nTraceback (most recent call last):\nException: Failed to compile BPF module <text>\n';
  expect(explainEnd('hello.py', { ...end, stderr }, new Map()).actual).toBe(
    '/virtual/main.c:4:19: error: expected expression',
  );
});

test('a script that names lines it does not have, or says nothing', () => {
  expect(
    explainEnd('read.bt', { ...end, stderr: 'read.bt:999:1-2: ERROR: x' }, new Map([['read.bt', 'a']])).location,
  ).toBeUndefined();
  expect(explainEnd('read.bt', { ...end, code: 0 }, new Map()).actual).toBe('It said nothing.');
});
