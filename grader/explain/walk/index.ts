/**
 * A verifier's log as a debugger shows a run: steps, the path that failed, where a value comes from, and each step in
 * words.
 */
export { type SourceAround, sourceAround } from './around.ts';
export { fromFragment, isFragment, longestFragment, toFragment } from './fragment.ts';
export { type Cause, type Failed, failureOf } from './failure.ts';
export { followLog } from './follow.ts';
export { causeOf, changeOf, findIn, stepBy, visitAfter } from './moves.ts';
export { type Shown, type StepView, nextOf, nextOnPath, placeName, viewOf } from './view.ts';
export { type State, type Step, type Walk, pathTo, placeIn } from './walk.ts';
