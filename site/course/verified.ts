/** On which kernels exercises were verified, by the record. */
import type { ExercisePage } from './exercises.ts';

/** `all`: each exercise was; `some`: at least one was. Both from the oldest. */
export function verifiedOn(exercises: readonly Pick<ExercisePage, 'verified'>[]): { all: string[]; some: string[] } {
  const kernels = [...new Set(exercises.flatMap(({ verified }) => verified.map(({ kernel }) => kernel)))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  const isOfEach = (kernel: string) =>
    exercises.every(({ verified }) => verified.some((entry) => entry.kernel === kernel));
  return { all: kernels.filter(isOfEach), some: kernels.filter((kernel) => !isOfEach(kernel)) };
}

/** 'a', 'a and b', 'a, b and c' */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
