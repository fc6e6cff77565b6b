/** What an exercise's page gives its lab, as JSON in the page. */
import type { Stage } from '../../grader/verdict/result.ts';
import type { Description } from './description.ts';

export interface ExerciseData {
  /** Where the lab's files are on this site, with a slash at the end. */
  folder: string;
  description: Description;
  exercise: string;
  stableId: string;
  /** Below the base of the site: how the address of a page begins. */
  base: string;
  starter: Readonly<Record<string, string>>;
  checks: readonly { id: string; title: string; stage: Stage }[];
}
