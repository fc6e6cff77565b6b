/** Programs for user space: what compilers and readelf say, read. */
import { expect, test } from 'vitest';
import { explainGo } from '../../grader/kit/program/go-program.ts';
import { readOffsets } from '../../grader/kit/program/target-program.ts';

test('a function is found by its place in the file, whatever address it has', () => {
  const listing = `
  LOAD           0x000000 0x0000000000400000 0x0000000000400000 0x0004e0 0x0004e0 R   0x1000
  LOAD           0x001000 0x0000000000401000 0x0000000000401000 0x00018d 0x00018d R E 0x1000
symbols
    15: 0000000000401136    11 FUNC    GLOBAL DEFAULT   14 parse
    16: 0000000000000000     0 FUNC    GLOBAL DEFAULT  UND atoi@GLIBC_2.2.5 (2)
    17: 0000000000404010     4 OBJECT  GLOBAL DEFAULT   23 total
`;
  expect([...readOffsets(listing)]).toEqual([['parse', 0x1136]]);
});

test("Go's first error, at the learner's line", () => {
  const sources = new Map([['user/main.go', 'package main\n\nfunc main() {\n\tx := 1\n}\n']]);
  expect(explainGo('user/main.go:4:2: declared and not used: x\nuser/main.go:9:1: more\n', sources)).toMatchObject({
    text: 'Go cannot compile this.',
    actual: 'declared and not used: x',
    location: { file: 'user/main.go', line: 4, column: 2 },
  });
});

test('an import that nobody compiled ahead is named', () => {
  const said = 'main.go:3:8: could not import net/http (open : no such file or directory)\n';
  expect(explainGo(said, new Map())).toMatchObject({
    text: 'The program imports net/http, which the machine does not have.',
    help: expect.stringContaining('no network'),
  });
});
