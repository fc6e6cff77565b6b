/** Exercises as `grade new` makes them of its templates. */
import { basisOf } from '../../grader/course/basis.ts';
import { loadCourse } from '../../grader/course/load.ts';
import { listKernels } from '../../grader/machine/vm/kernels.ts';
import { Clone, type Ended } from './clone.ts';

/** A new exercise in a clone, and what a verification of it on the default kernel rests on. */
export async function makeOf(kind: string, clone: Clone): Promise<{ id: string; made: Ended; basis: string }> {
  const id = `trial/a-${kind}`;
  const made = await clone.grade(['new', id, '--kind', kind, '--title', "It's new"]);
  const { default: kernel } = await listKernels();
  const exercise = (await loadCourse(clone.root, [id])).find((one) => one.id === id)!;
  return { id, made, basis: await basisOf(clone.root, exercise, kernel) };
}
