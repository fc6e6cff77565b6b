/**
 * What lessons show: every example compiles and does what it is for, and every recording is what one would see today. Of those that hold
 * by digest, the first example of each kind of file is tried, and the first recording; the others by `npm run verify`, and every night.
 */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readRecord } from '../../grader/course/verification.ts';
import { type ClosableKit, createKit } from '../../grader/kit/kit.ts';
import { MachineLost } from '../../grader/machine/machine.ts';
import type { Guest } from '../../grader/machine/vm/guest.ts';
import { newSeed, Random } from '../../grader/verdict/random.ts';
import { readRecording } from '../../site/course/recordings.ts';
import { repository } from '../support/clone.ts';
import { tryExample } from '../support/examples.ts';
import { withoutChance } from '../support/record.ts';
import { recordHome } from '../support/record-home.ts';
import { examplesOf, replayLesson, sessionIds, withoutAccident } from '../support/play-lessons.ts';
import { recordSetup, withoutMachine } from '../support/record-setup.ts';
import { basisOfExample, basisOfRecording, dueOf, exampleIds } from '../support/selection.ts';
import { startGuest } from '../support/vm.ts';

const { others = {} } = await readRecord(repository);
const dueExamples = await dueOf(
  await exampleIds(),
  async ({ chapter, file }) => others[`example ${chapter}/${file}`] === (await basisOfExample(chapter, file)),
  ({ file }) => file.slice(file.indexOf('.')),
);
const dueRecordings = await dueOf(
  await sessionIds(),
  async (id) => (await readRecording(repository, id)).basis === (await basisOfRecording(id)),
);

describe.each(Object.entries(Object.groupBy(dueExamples, ({ chapter }) => chapter)))(
  'examples of %s',
  async (chapter, due) => {
    const files = await examplesOf(chapter);
    let guest: Guest | undefined;
    let kit: ClosableKit;
    beforeEach(async () => {
      if (guest) return;
      guest = await startGuest();
      kit = createKit({ machine: guest, random: new Random(newSeed()), submission: { files } });
    });
    afterAll(async () => {
      if (!guest) return;
      kit.close();
      await guest.stop();
    });

    test.each(due!)('$file', async ({ file }) => {
      const trial = tryExample(kit, file).catch((error: unknown) => {
        if (error instanceof MachineLost) guest = undefined;
        throw error;
      });
      await expect(trial).resolves.toBeUndefined();
    });
  },
);

// Which stack has most samples is not the same every time: two more attempts.
test.concurrent.each(dueRecordings)('recording %s', { retry: 2 }, async (id) => {
  const recorded = await readRecording(repository, id);
  expect(withoutAccident(await replayLesson(id))).toEqual(withoutAccident(recorded.text));
});

test('the recordings of the first page', async () => {
  for (const [id, { text }] of Object.entries(await recordHome()))
    expect(withoutChance(text)).toBe(withoutChance((await readRecording(repository, id)).text));
});

test('the recordings of setting up', async () => {
  for (const [id, { text }] of Object.entries(await recordSetup()))
    expect(withoutMachine(text)).toBe(withoutMachine((await readRecording(repository, id)).text));
});
