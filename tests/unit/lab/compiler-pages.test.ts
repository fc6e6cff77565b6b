/** Which pages of a saved machine are its compiler's. */
import { expect, test } from 'vitest';
import { splitState } from '../../../grader/machine/lab/compiler-pages.ts';
import { pageBytes } from '../../../grader/machine/lab/state.ts';

const page = (fill: number) => new Uint8Array(pageBytes).fill(fill);
const file = (...fills: number[]) => Uint8Array.from(fills.flatMap((fill) => [...page(fill)]));
const indices = ({ pages }: { pages: { index: number }[] }) => pages.map(({ index }) => index);

test('a page is the compiler’s if what is in it is once in its files and once in memory', () => {
  const pages = [1, 2, 3, 4, 5].map((fill) => ({ index: fill * 10, bytes: page(fill) }));
  const { machine, compiler } = splitState({ pages }, [file(2, 4), file(5)]);
  expect(indices(compiler)).toEqual([20, 40, 50]);
  expect(indices(machine)).toEqual([10, 30]);
});

test('what is twice in memory, or twice in the files, stays with the machine', () => {
  const pages = [1, 2, 2, 3].map((fill, index) => ({ index, bytes: page(fill) }));
  const { machine, compiler } = splitState({ pages }, [file(1, 2, 3), file(3)]);
  expect(indices(compiler)).toEqual([0]);
  expect(indices(machine)).toEqual([1, 2, 3]);
});

test('the last page of a file ends in zeros, as it does in memory', () => {
  const bytes = page(0);
  bytes.fill(7, 0, 100);
  const { compiler } = splitState({ pages: [{ index: 3, bytes }] }, [new Uint8Array(100).fill(7)]);
  expect(indices(compiler)).toEqual([3]);
});

test('pages that are to be zero stay with the machine', () => {
  const { machine, compiler } = splitState({ pages: [{ index: 1 }] }, [new Uint8Array(pageBytes)]);
  expect(indices(machine)).toEqual([1]);
  expect(indices(compiler)).toEqual([]);
});
