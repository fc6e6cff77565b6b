/** Checks that exercises with a script begin with; `start` is the run that all checks of the exercise share. */
import type { Check } from '../course/exercise.ts';
import type { Attachment } from './common.ts';
import { expect } from './expect.ts';
import type { Kit } from './kit.ts';
import { type AttachedTo, describeAttached } from './script.ts';

type Words = Partial<Omit<Check, 'stage' | 'run'>>;
type Start = (kit: Kit) => Promise<{ attached: AttachedTo[] }>;

/** The script starts, its programs are accepted, and it waits for events. */
export function runs(file: string, start: Start, words: Words = {}): Check {
  return {
    id: 'runs',
    title: `${file} starts and attaches`,
    stage: 'load',
    points: 1,
    hints: {
      nudge: 'Read the first error that the tool prints. It names the place in your file.',
      concept: 'The tool translates your file to BPF, the verifier checks it, and the program is attached to its event. Each of the three can refuse.',
      line: 'Run it yourself in the machine, as root, and stop it with Ctrl-C.',
    },
    rationale: 'Ready is what the kernel says: programs are attached, and the script waits. Output of the script would be its own word only.',
    ...words,
    run: async (kit) => void (await start(kit)),
  };
}

/** One of the places must be among those where the kernel says that the script's programs are. */
export function scriptAttaches(file: string, wanted: readonly Required<Attachment>[], start: Start, words: Words = {}): Check {
  const place = wanted.map(({ kind, target }) => `${kind} ${target}`).join(' or ');
  return {
    id: 'attaches',
    title: `It is attached to the ${place}`,
    stage: 'attach',
    points: 1,
    hints: {
      nudge: 'Your script is attached to some event. Is it the one that the task names?',
      concept: 'A probe says when your action runs: its kind, and the place.',
      line: `The kernel should say: ${place}.`,
    },
    rationale: 'The event is part of the task, and only the kernel knows where a program really is.',
    ...words,
    run: async (kit) => {
      const { attached } = await start(kit);
      expect(attached.some((one) => wanted.some(({ kind, target }) => one.kind === kind && one.target === target)), {
        text: `${file} is attached, but not to the ${place}.`,
        expected: place,
        actual: describeAttached(attached),
        help: 'Compare the name of the probe with the task.',
      });
    },
  };
}
