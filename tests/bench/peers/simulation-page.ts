/** The simulated class, in words and tables. Pure. */
import type { Limits } from './limits.ts';
import type { Record } from './record.ts';
import { allOutcomes, best, type Outcome, simulate, type Work } from './simulation.ts';
import { markdownTable } from './table.ts';
import { type WayId, wayNames } from './ways.ts';

const submissions = 1000;
/** Of a job, before it grades: checkout, npm packages, the guest's download, one boot. docs/releases.md has what was measured. */
const setUpSeconds = 60;
const fewSizes = [4, 8, 20, 50, 100, 250];

export function simulationSection(record: Record, limits: Limits): string {
  const works = worksOf(record);
  const rows = limits.plans.flatMap((plan) =>
    works.flatMap(({ name, work }) => {
      const outcome = best(allOutcomes(work, plan, limits));
      return outcome ? [[`${plan.name}: ${name}`, ...cells(outcome), dollars(outcome)]] : [];
    }),
  );
  const { name, work } = works[0]!;
  const plan = limits.plans[0]!;
  const sizes = fewSizes.flatMap((size) => {
    const outcome = simulate(work, size, plan, limits);
    return outcome ? [[String(size), String(outcome.jobs), minutes(outcome), String(outcome.minutes)]] : [];
  });
  return `Simulated from the times above: ${submissions.toLocaleString('en')} submissions of one exercise each are graded in one run, and every job of its matrix grades its share one after another. A job takes
${setUpSeconds} seconds before it grades anything, which is an assumption ([releases.md](releases.md) has what was measured). The best share is the one with the fewest minutes among those that are done
within a tenth of the shortest time. GitHub’s runners have KVM, and everybody’s times are shorter there; here, a guest is ${record.machine.accelerator === 'tcg' ? 'emulated' : 'not emulated'}.

${markdownTable(['', 'submissions in a job', 'jobs', 'minutes until all is graded', 'minutes billed', 'dollars, private'], rows)}

In a public repository minutes cost nothing. In a private one the plan’s minutes come first, and the dollars are for what goes beyond, if none of them have been used.

${name}, ${plan.name}, by the size of the share:

${markdownTable(['submissions in a job', 'jobs', 'minutes until all is graded', 'minutes billed'], sizes)}

GitHub’s numbers, from the source of its documentation, as a copy had it on ${limits.read}: ${limits.plans.map(({ name: called, jobs, minutes: included }) => `${called} ${jobs} jobs at a time and ${included.toLocaleString('en')} minutes`).join(', ')}; ${limits.jobSeconds / 3600} hours for a job,
${limits.matrixJobs} jobs in a matrix, $${limits.dollarsPerMinute} a minute on Linux.

${limits.sources.map(({ what, where }) => `- ${what}: <${where}>`).join('\n')}`;
}

/** What is graded: the course's whole verdict, and then the one test by everybody. */
function worksOf(record: Record): { name: string; work: Work }[] {
  const work = (seconds: readonly number[]): Work => ({ submissions, seconds, setUpSeconds });
  const verdict = record.verdict.find(({ compiled }) => compiled === 'now');
  const test = (way: WayId) => {
    const warm = record.single.filter((single) => single.way === way && !single.cold);
    const one = warm.find(({ test: which }) => which === 'source') ?? warm[0];
    const what = one?.test === 'source' ? 'the test, compiled first' : 'the test, not compiled';
    return one ? [{ name: `${what}, ${wayNames[way]}`, work: work(one.rounds.map(({ seconds }) => seconds)) }] : [];
  };
  return [
    ...(verdict
      ? [{ name: 'the whole verdict, Hookpoint', work: work(verdict.rounds.map(({ seconds }) => seconds)) }]
      : []),
    ...test('restore'),
    ...test('virtme'),
    ...test('plain'),
  ];
}

function cells(outcome: Outcome): string[] {
  return [String(outcome.shard), String(outcome.jobs), minutes(outcome), String(outcome.minutes)];
}

function minutes({ wallSeconds }: Outcome): string {
  return (wallSeconds / 60).toFixed(wallSeconds < 600 ? 1 : 0);
}

function dollars(outcome: Outcome): string {
  return outcome.dollars.toFixed(2);
}
