import { expect, test } from 'vitest';
import { goesThrough, parseFolded, samplesOf } from '../../grader/kit/tracing/folded.ts';

test('stacks, and lines that are none', () => {
  expect(parseFolded('main;read 42\n\n[unknown] (libc);b 1\r\n7 main\nmain;;read 1\nmain 0x10\n')).toEqual({
    stacks: [
      { frames: ['main', 'read'], samples: 42 },
      { frames: ['[unknown] (libc)', 'b'], samples: 1 },
    ],
    odd: ['7 main', 'main;;read 1', 'main 0x10'],
  });
});

test('escapes do not get through', () => {
  expect(parseFolded('\u001b[1mmain 1').stacks[0]!.frames).toEqual(['main']);
});

test('samples', () => {
  const { stacks } = parseFolded('main;a 3\nmain;b;a 4\n');
  expect(samplesOf(stacks)).toBe(7);
  expect(samplesOf(stacks, (frames) => frames.includes('b'))).toBe(4);
});

test('the order of frames', () => {
  expect(goesThrough(['_start', 'main', 'x', 'a'], ['main', 'a'])).toBe(true);
  expect(goesThrough(['a', 'main'], ['main', 'a'])).toBe(false);
  expect(goesThrough(['main'], ['main', 'a'])).toBe(false);
});
