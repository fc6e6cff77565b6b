import type { Check } from '../../course/exercise.ts';
import type { Kit } from '../kit.ts';

/**
 * Judges one check: passes by returning, or throws CheckFailure (what `kit.expect` throws) or Unsupported. Anything else that
 * is thrown is an error of ours and costs the learner nothing. `check` is what exercise.yaml says of it.
 */
export type Run = (kit: Kit, check: Check) => Promise<void>;

/** By check id. */
export type Runs = Readonly<Record<string, Run>>;

/**
 * What exercise.ts default-exports: how each check of exercise.yaml is judged that is not a shared one.
 *
 *     export default defineChecks({
 *       async counts(kit) {
 *         const { rows, sent } = await counted(kit);
 *         kit.expect.equal(rows.size, sent.size, { text: 'The map does not have a row for each user.' });
 *       },
 *     });
 */
export function defineChecks<R extends Runs>(runs: R): R {
  return runs;
}
