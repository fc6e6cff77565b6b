import { describe, expect, test } from 'vitest';
import { findSimilar, type Written } from '../../../grader/course/similarity.ts';

const starter =
  '#include "vmlinux.h"\nSEC("tracepoint/syscalls/sys_enter_execve")\nint hello(void *ctx)\n{\n\treturn 0;\n}\nchar _license[] SEC("license") = "GPL";\n';
/** A program of its own: `seed` decides its names and numbers. */
const own = (seed: number, lines = 12) =>
  Array.from(
    { length: lines },
    (_, i) => `\t__u32 value_${seed}_${i} = lookup_${seed * 7 + i}(&table, ${seed * 13 + i}); // ${seed} step ${i}`,
  ).join('\n');
const written = (login: string, text: string): Written => ({ login, files: new Map([['a.bpf.c', text]]) });
const pairs = (...all: Written[]) =>
  findSimilar(all, [starter]).map(({ logins, share }) => [...logins, Math.round(share * 100)]);
const strangers = (count: number) =>
  Array.from({ length: count }, (_, i) => written(`s${i}`, `${starter}${own(100 + i)}`));

test('a copy is found, however it is laid out', () => {
  const copy = own(1).replaceAll(' = ', '=').replaceAll('\n', '\n\n   ');
  expect(pairs(written('ada', `${starter}${own(1)}`), written('bob', `${starter}${copy}`), ...strangers(4))).toEqual([
    ['ada', 'bob', 100],
  ]);
});

test('so is one with some lines changed or added, and where it begins', () => {
  const [found] = findSimilar(
    [written('ada', `${starter}${own(1)}`), written('bob', `${starter}${own(1, 9)}\n${own(2, 4)}`), ...strangers(4)],
    [starter],
  );
  expect(found).toMatchObject({ logins: ['ada', 'bob'], lines: expect.arrayContaining(['a.bpf.c:8']) });
  expect(found!.share).toBeGreaterThan(0.6);
});

describe('nobody is named for', () => {
  test('work of their own', () => {
    expect(pairs(...strangers(12))).toEqual([]);
  });

  test('the starter, or the solution that the course shows', () => {
    const solution = own(5, 30);
    const both = [written('ada', `${starter}${solution}`), written('bob', `${starter}${solution}`)];
    expect(findSimilar(both, [starter, solution])).toEqual([]);
    expect(findSimilar(both, [starter])).toHaveLength(1);
  });

  test('a short program that there is hardly another way to write', () => {
    const obvious = starter.replace('\treturn 0;', '\tbpf_printk("Hello, BPF World!");\n\treturn 0;');
    expect(pairs(written('ada', obvious), written('bob', obvious))).toEqual([]);
  });

  test('what many write, for they may have it from the lesson', () => {
    const lesson = own(9, 20);
    expect(
      pairs(
        ...strangers(4).map(({ login }) => written(login, `${starter}${lesson}`)),
        ...strangers(10).map(({ login }) =>
          written(`t${login}`, `${starter}${own(login.length * 31 + Number(login.slice(1)))}`),
        ),
      ),
    ).toEqual([]);
  });

  test('the same word many times', () => {
    expect(pairs(written('ada', 'x = 1;\n'.repeat(500)), written('bob', 'x = 1;\n'.repeat(400)))).toEqual([]);
  });
});

test('an empty class has no pairs', () => {
  expect(findSimilar([], [starter])).toEqual([]);
  expect(findSimilar([written('ada', '')], [])).toEqual([]);
});
