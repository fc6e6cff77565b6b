/** The judge, beside the page: downloads the lab's files, opens a pristine machine for each run, and says what is decided as it is. */
import './node/globals.ts';
import { hintLadder } from '../../grader/verdict/hint.ts';
import type { ObjectStore } from '../../grader/machine/object-store.ts';
import { exercises } from 'virtual:hookpoint/lab';
import { homeObjects, type Part, partsForHome } from './description.ts';
import * as home from './home/demonstration.ts';
import { judgeHere } from './judge.ts';
import type { FromJudge, ToJudge } from './messages.ts';
import { bytesOf, openMachine, problemOf, provide } from './supplies.ts';

const tell = (message: FromJudge) => postMessage(message);

onmessage = async ({ data }: MessageEvent<ToJudge>) => {
  try {
    await judge(data);
  } catch (error) {
    tell({ type: 'failed', problem: problemOf(error) });
  }
};

async function judge({ place, exercise, files, home: program }: ToJudge): Promise<void> {
  const load = program ? demonstration : exercises[exercise];
  if (!load) throw new Error(`the lab does not offer ${exercise}`);
  const parts: Part[] = program ? partsForHome(place.description) : ['machine', 'compiler'];
  const [{ about, own }] = await Promise.all([load(), provide(place, parts, tell)]);
  tell({ type: 'starting' });
  const result = await judgeHere({
    about,
    own,
    files,
    open: () => openMachine(place),
    ...(program && { objects: madeBefore(bytesOf(place, homeObjects[program])) }),
    onCheck: ({ id }, decided) => tell({ type: 'check', id, ...(decided && { result: decided }) }),
  });
  const failed = about.exercise.checks.find(({ id }) =>
    result.checks.some((check) => check.id === id && check.outcome === 'fail'),
  );
  tell({
    type: 'judged',
    result,
    hints: failed ? hintLadder.map((rung) => failed.hints[rung]) : [],
    solution: result.outcome === 'pass' ? about.solution : null,
  });
}

const demonstration = async () => ({
  about: home.about,
  own: home.ownRuns((lines) => tell({ type: 'printed', lines })),
});

/** The one object that there is, whatever is asked for; nothing if it has to be compiled. */
function madeBefore(object: Uint8Array | undefined): ObjectStore {
  return { find: async () => object && { object, stderr: '' }, keep: async () => {} };
}
