import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { explainClang } from '../../../grader/explain/clang.ts';

const read = (name: string) => readFileSync(new URL(`../../fixtures/clang/${name}`, import.meta.url), 'utf8');

function explain(name: string) {
  const { location, ...words } = explainClang(read(`${name}.log`), new Map([[`${name}.bpf.c`, read(`${name}.bpf.c`)]]));
  return { at: location && [location.file, location.line, location.column].filter(Boolean).join(':'), ...words };
}

test('the first error, in words and at its place', () => {
  expect(explain('semicolon')).toMatchInlineSnapshot(`
    {
      "actual": "expected ';' at end of declaration",
      "at": "semicolon.bpf.c:4:11",
      "help": "Put a ; at the caret, or at the end of the line above.",
      "lesson": "introduction/life-of-a-program",
      "rule": "clang-semicolon",
      "text": "A semicolon is missing. clang noticed it here, at the end of what came before.",
    }
  `);
  expect(explain('no-vmlinux')).toMatchInlineSnapshot(`
    {
      "actual": "'vmlinux.h' file not found",
      "at": "no-vmlinux.bpf.c:1:10",
      "help": "Write exactly #include "vmlinux.h": the grader brings it. Elsewhere: bpftool btf dump file /sys/kernel/btf/vmlinux format c > vmlinux.h",
      "lesson": "vm/btf-and-core",
      "rule": "clang-vmlinux-missing",
      "text": "The header vmlinux.h was not found. It holds the types of one kernel and is made from its BTF; it is in no package.",
    }
  `);
});

test('an error is not hidden by a warning above it', () => {
  expect(explain('did-you-mean')).toMatchObject({ at: 'did-you-mean.bpf.c:5:9', help: 'Did you mean XDP_PASS?' });
});

test('the same error many times is one', () => {
  expect(explain('stack')).toMatchObject({
    at: 'stack.bpf.c:4:7',
    text: expect.stringMatching(/^The local variables are too large/),
    actual: expect.stringContaining('of 2 errors'),
  });
});

test('in a header, the place is the #include', () => {
  expect(explain('in-header')).toMatchObject({ at: 'in-header.bpf.c:1' });
  expect(explain('helpers-first')).toMatchObject({
    at: 'helpers-first.bpf.c:1',
    text: expect.stringContaining('The type __u64 is not known'),
  });
});

test('an error without words of ours is clang’s own', () => {
  expect(explain('undeclared')).toMatchInlineSnapshot(`
    {
      "actual": "'section' attribute only applies to functions, global variables, Objective-C methods, and Objective-C properties
    (the first of 4 errors; the others often follow from it)",
      "at": "undeclared.bpf.c:5:31",
      "help": "Hookpoint has no words of its own for this error. clang’s own are in the log, with the line they are about.",
      "text": "clang cannot compile this: 'section' attribute only applies to functions, global variables, Objective-C methods, and Objective-C properties.",
    }
  `);
});

test('no place, no error, a path before the name', () => {
  expect(explainClang('fatal error: error in backend: Cannot select: f64 = fadd\n', new Map()).text).toContain(
    'floating-point',
  );
  expect(explainClang('', new Map()).actual).toBe('clang said nothing');
  expect(explainClang('/work/a.bpf.c:1:5: error: what?\n', new Map([['a.bpf.c', 'int a']])).location).toEqual({
    file: 'a.bpf.c',
    line: 1,
    column: 5,
    source: 'int a',
  });
});
