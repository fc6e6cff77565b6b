/** What a class of 500 with 60 exercises costs: seconds and memory to merge its 30,000 results. `node tests/bench/class.ts [results]` */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadCourse } from '../../grader/course/load.ts';
import { renderRecord } from '../../grader/report/record.ts';
import { repository } from '../support/clone.ts';
import { passOf } from '../unit/github/results.ts';

const wanted = Number(process.argv[2] ?? 30_000);
/** Says at its end how much memory the process had at most. */
const peak = `data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+Math.round(process.resourceUsage().maxRSS/1024)+' cpu '+(process.resourceUsage().userCPUTime/1e6).toFixed(1)))`;
const folder = mkdtempSync(join(tmpdir(), 'hookpoint-class-'));
const from = join(folder, 'class.jsonl');
try {
  const exercises = (await loadCourse(repository)).slice(0, 60);
  const one = await Promise.all(exercises.map((exercise) => passOf(exercise)));
  // As long as a real result is: some 20 kB.
  const words = 'It was seen in this run. '.repeat(60);
  for (let learner = 0; learner < wanted / one.length; learner += 1) {
    const lines = one.map((result) =>
      renderRecord({
        result: {
          ...result,
          submission: `submissions/learner-${learner}/${result.exercise}`,
          checks: result.checks.map((check) => ({ ...check, rationale: words })),
        },
      }),
    );
    appendFileSync(from, lines.join(''));
  }
  const learners = Array.from({ length: Math.ceil(wanted / one.length) }, (_, i) => `learner-${i}`);
  const due = [...new Set(exercises.map(({ id }) => id.split('/')[0]!))].map((chapter) => ({
    chapter,
    at: '2026-10-12 23:59',
  }));
  const described = {
    title: 'Many',
    timezone: 'Europe/Berlin',
    learners: learners.map((login) => ({ login, name: login })),
    due,
    late: { perDay: 10 },
  };
  writeFileSync(join(folder, 'class.yaml'), stringify(described));
  const ofClass = ['--class', join(folder, 'class.yaml')];
  process.stdout.write(`${wanted} results, ${Math.round(statSync(from).size / 1024 / 1024)} MiB\n`);
  for (const command of [
    ['merge', from, '--out', join(folder, 'all.jsonl')],
    ['cohort', from, '--out', join(folder, 'class.html')],
    ['class', 'gradebook', from, ...ofClass, '--out', join(folder, 'grades.csv')],
    ['class', 'page', from, ...ofClass, '--out', join(folder, 'page.html')],
    ['export', '--format', 'csv', '--from', from, '--out', join(folder, 'grades.csv')],
  ]) {
    const begun = Date.now();
    const { stderr, status } = spawnSync(
      process.execPath,
      ['--import', peak, join(repository, 'grader/cli/main.ts'), ...command],
      { cwd: repository, encoding: 'utf8' },
    );
    const [, megabytes, cpu] = /peak (\d+) cpu ([\d.]+)/.exec(stderr) ?? [];
    if (megabytes === undefined || status !== 0) throw new Error(stderr);
    process.stdout.write(
      `${command
        .slice(0, command[0] === 'class' ? 2 : 1)
        .join(' ')
        .padEnd(16)} ${((Date.now() - begun) / 1000).toFixed(1)} s, ${cpu} s of processor, ${megabytes} MiB\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
