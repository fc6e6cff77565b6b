/**
 * `npm run verify`, its second half: what is verified besides the exercises, and keeps its digest: the templates of `grade new`, a
 * miniature exercise of each kind, the examples of lessons, and their recordings. With --changed only what does not hold by digest. Ends with 1 if something is not as it must be.
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { compare } from '../../grader/cli/cases.ts';
import { createContext } from '../../grader/cli/context.ts';
import { gradeSubmission } from '../../grader/cli/grading.ts';
import { Machines } from '../../grader/cli/machines.ts';
import { inParallel } from '../../grader/cli/side-by-side.ts';
import { kindsOfExercises } from '../../grader/course/scaffold.ts';
import { readRecord, updateOthers } from '../../grader/course/verification.ts';
import { createKit } from '../../grader/kit/kit.ts';
import { newSeed, Random } from '../../grader/verdict/random.ts';
import { readRecording, recordingFile, writtenRecording } from '../../site/course/recordings.ts';
import { Clone, repository } from './clone.ts';
import { tryExample } from './examples.ts';
import { casesOfKind, readKinds, recordOfKind } from './kinds.ts';
import { examplesOf, replayLesson, sessionIds, withoutAccident } from './play-lessons.ts';
import { basisOfExample, basisOfRecording, exampleIds } from './selection.ts';
import { makeOf } from './templates.ts';
import { startGuest } from './vm.ts';

/** Tries it; null if it is as it must be, or what is wrong. */
type Trial = () => Promise<string | null>;

interface Work {
  name: string;
  holds: boolean;
  trial: Trial;
  keep(ok: boolean): Promise<void>;
}

const onlyChanged = process.argv.includes('--changed');
const { others: known = {} } = await readRecord(repository);
const all = [...(await templates()), ...(await kinds()), ...(await examples()), ...(await recordings())];
const due = all.filter(({ holds }) => !onlyChanged || !holds);
let wrong = 0;
await inParallel(availableParallelism(), due, async ({ name, trial, keep }) => {
  const problem = await trial().catch((error: unknown) => String(error));
  if (problem !== null) wrong += 1;
  await keep(problem === null);
  process.stdout.write(problem === null ? `✓ ${name}\n` : `✗ ${name}\n    ${problem.replaceAll('\n', '\n    ')}\n`);
});
const held = all.length - due.length;
process.stdout.write(
  `${due.length - wrong} of ${due.length} as they must be${held > 0 ? `; ${held} more hold by digest` : ''}.\n`,
);
process.exitCode = wrong === 0 ? 0 : 1;

async function templates(): Promise<Work[]> {
  return Promise.all(
    (await kindsOfExercises(repository)).map(async (kind): Promise<Work> => {
      const name = `template ${kind}`;
      const basis = await inClone(async (clone) => (await makeOf(kind, clone)).basis);
      const trial = () =>
        inClone(async (clone) => {
          const { id } = await makeOf(kind, clone);
          const { code, stdout, stderr } = await clone.grade(['verify', id, '--seeds', '1', '--jobs', '1']);
          return code === 0 ? null : `${stdout}${stderr}`;
        });
      return inRecord(name, basis, trial);
    }),
  );
}

async function kinds(): Promise<Work[]> {
  const context = createContext({ json: true, yes: true });
  return Promise.all(
    (await readKinds()).map(async (exercise): Promise<Work> => {
      const { name, basis } = await recordOfKind(exercise);
      const trial = async () => {
        const machines = new Machines(context, {});
        try {
          const wrong: string[] = [];
          for (const one of casesOfKind(exercise)) {
            const folder = join(exercise.folder, one.name);
            const seen = compare(one, await gradeSubmission({ root: repository, exercise, folder, machines }));
            if (!seen.ok) wrong.push(`${one.name}: ${seen.seen} in place of ${seen.expected}. ${seen.message}`);
          }
          return wrong.length === 0 ? null : wrong.join('\n');
        } finally {
          machines.close();
        }
      };
      return inRecord(name, basis, trial);
    }),
  );
}

async function examples(): Promise<Work[]> {
  return Promise.all(
    (await exampleIds()).map(async ({ chapter, file }) => {
      const trial = async () => {
        const machine = await startGuest();
        const submission = { files: await examplesOf(chapter) };
        const kit = createKit({ machine, random: new Random(newSeed()), submission });
        try {
          await tryExample(kit, file);
          return null;
        } finally {
          kit.close();
          await machine.stop();
        }
      };
      return inRecord(`example ${chapter}/${file}`, await basisOfExample(chapter, file), trial);
    }),
  );
}

/** What is kept is beside the recording; its text stays, for numbers differ from run to run. */
async function recordings(): Promise<Work[]> {
  return Promise.all(
    (await sessionIds()).map(async (id): Promise<Work> => {
      const [recorded, basis] = [await readRecording(repository, id), await basisOfRecording(id)];
      return {
        name: `recording ${id}`,
        holds: recorded.basis === basis,
        async trial() {
          const [before, now] = [recorded.text, await replayLesson(id)].map((text) =>
            JSON.stringify(withoutAccident(text)),
          );
          return before === now
            ? null
            : `recorded: ${before}\nnow: ${now}\nrecord it anew: npx node tests/support/record-lessons.ts ${id}`;
        },
        async keep(ok) {
          const { basis: _, ...rest } = recorded;
          await writeFile(recordingFile(repository, id), writtenRecording(ok ? { ...rest, basis } : rest));
        },
      };
    }),
  );
}

function inRecord(name: string, basis: string, trial: Trial): Work {
  return {
    name,
    holds: known[name] === basis,
    trial,
    keep: (ok) => updateOthers(repository, name, ok ? basis : null),
  };
}

async function inClone<T>(work: (clone: Clone) => Promise<T>): Promise<T> {
  const clone = await Clone.make();
  try {
    return await work(clone);
  } finally {
    await clone.remove();
  }
}
