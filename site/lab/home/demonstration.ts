/** What the home page runs: four lines that print, and the same with one word changed, which the verifier rejects. Judged like an exercise. */
import type { Runs } from '../../../grader/kit/checks/run.ts';
import type { Kit } from '../../../grader/kit/kit.ts';
import type { LabExercise } from '../judge.ts';

export const file = 'hello.bpf.c';

/** Nobody is graded here: no hints, no points that count. */
const words = { points: 1, hints: { nudge: '-', concept: '-', line: '-' }, rationale: '-' };

export const about: LabExercise = {
  exercise: {
    id: 'home/hello',
    title: 'Four lines',
    summary: 'It prints a line whenever a program is started.',
    minutes: 1,
    files: { [file]: { description: 'The program.' } },
    needs: { kernel: '5.11' },
    checks: [
      { id: 'compiles', title: 'It is compiled', stage: 'compile', uses: 'compiles', with: { file }, ...words },
      { id: 'loads', title: 'The verifier accepts it', stage: 'load', uses: 'loads', with: { file }, ...words },
      { id: 'fires', title: 'It fires', stage: 'fires', ...words },
    ],
    starter: { fails: 'loads', because: '-' },
    wrong: {},
  },
  // The page has the texts: fires.bpf.c and refused.bpf.c.
  starter: {},
  solution: {},
};

/** `print` gets what the program printed; hostile text as any of a guest. */
export function ownRuns(print: (lines: string[]) => void): Runs {
  return {
    async fires(kit: Kit) {
      await kit.program(file).attach();
      const actions = ['ls', 'cat', 'sh'].map((name) => ({ action: 'exec', name, path: '/bin/true' }) as const);
      const { performed, messages } = await kit.tracing.record(actions);
      const pids = new Set(performed.map(({ pid }) => pid));
      const lines = messages.filter(({ pid }) => pids.has(pid)).map(({ text }) => text);
      kit.expect(lines.length > 0, {
        text: 'The program is attached, but it printed nothing when programs were started.',
        expected: 'A line for each.',
        actual: 'None.',
      });
      print(lines.slice(0, 20).map((line) => line.slice(0, 200)));
    },
  };
}
