/** Recorded terminals as lines that a page can colour, align and break. */
import { expect, test } from 'vitest';
import { hangOf, terminalLines } from '../../../site/course/terminal.ts';

const verdict = `$ npx grade
programs/hello · Hello, BPF World!

  ✓ compile → ✗ attach → – fires

  ✓ hello.bpf.c compiles    1/1
  ✗ A program is attached   0/2

  seen      The kernel shows "hello", with
            SEC("tracepoint/syscalls/sys_enter_close"), at: tracepoint
            sys_enter_close.
  lesson    programs/tracepoints

  ✗ Not yet: 1 of 3 points
  Linux 6.12.118 · VM (tcg)

  → Edit hello.bpf.c, then: npx grade
    Stuck? npx grade hint programs/hello
`;

test('a verdict: checks with their points, facts whole again, what it came to, what comes next', () => {
  const lines = terminalLines(verdict);
  expect(lines.filter(({ kind }) => kind !== 'text')).toEqual([
    { kind: 'typed', prompt: '$ ', text: 'npx grade' },
    {
      kind: 'stages',
      stages: [
        { sign: 'pass', text: '✓ compile' },
        { sign: 'fail', text: '✗ attach' },
        { sign: 'none', text: '– fires' },
      ],
    },
    { kind: 'check', sign: 'pass', title: '  ✓ hello.bpf.c compiles', gap: '    ', points: '1/1', width: 31 },
    { kind: 'check', sign: 'fail', title: '  ✗ A program is attached', gap: '   ', points: '0/2', width: 31 },
    {
      kind: 'fact',
      label: '  seen      ',
      text: 'The kernel shows "hello", with SEC("tracepoint/syscalls/sys_enter_close"), at: tracepoint sys_enter_close.',
    },
    { kind: 'fact', label: '  lesson    ', text: 'programs/tracepoints' },
    { kind: 'outcome', sign: 'fail', text: '  ✗ Not yet: 1 of 3 points' },
    { kind: 'quiet', text: '  Linux 6.12.118 · VM (tcg)' },
    { kind: 'next', text: '  → Edit hello.bpf.c, then: npx grade' },
  ]);
  // A line that had room left was not broken there.
  expect(lines.at(-1)).toEqual({ kind: 'text', text: '    Stuck? npx grade hint programs/hello' });
});

test('what other commands print stays as it is; of diff the lines have their colours', () => {
  const table = '# bpftool map list\n1: hash  name counts  flags 0x0\n\tkey 4B  value 8B\n';
  expect(terminalLines(table).slice(1)).toEqual([
    { kind: 'text', text: '1: hash  name counts  flags 0x0' },
    { kind: 'text', text: '\tkey 4B  value 8B' },
  ]);
  expect(terminalLines('$ diff a b\n-old\n+new\n').map(({ kind }) => kind)).toEqual(['typed', 'removed', 'added']);
});

test.each([
  ['plain', 2],
  ['    indented', 6],
  ['  → Edit it', 4],
  ['2. A hint', 3],
  ['✓ Node     24', 11],
])('%s goes on in column %i', (text, columns) => {
  expect(hangOf(text)).toBe(columns);
});
