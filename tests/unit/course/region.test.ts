import { expect, test } from 'vitest';
import { regionOf, withoutMarks } from '../../../grader/course/region.ts';

const file =
  'int a;\n\t// #region one\n\tint b;\n\n\t\tint c;\n\t// #endregion\n# #region two\nx = 1\n# #endregion\nint d;\n';

test('a region, moved to the left margin', () => {
  expect(regionOf(file, 'one', 'a.c')).toBe('int b;\n\n\tint c;');
  expect(regionOf(file, 'two', 'a.c')).toBe('x = 1');
});

test('a file without its marks', () => {
  expect(withoutMarks(file)).toBe('int a;\n\tint b;\n\n\t\tint c;\nx = 1\nint d;');
});

test('a region that is not there, or does not end, is an error that names the file', () => {
  expect(() => regionOf(file, 'three', 'a.c')).toThrow('a.c has no region three; it has one, two');
  expect(() => regionOf('// #region open\n', 'open', 'a.c')).toThrow('a.c: the region open has no #endregion');
});
