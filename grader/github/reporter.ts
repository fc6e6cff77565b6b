/**
 * Posts what a run of grade.yml found, from a job that has write permissions and so trusts nothing that the run left behind. The order
 * of the steps matters: nothing is fetched for a run that is not ours, nothing read of a pull request that changes how it is graded,
 * and nothing shown before it is checked.
 */
import type { LoadedExercise } from '../course/exercise.ts';
import { overallOutcome } from '../verdict/outcome.ts';
import type { Outcome, Report, Result } from '../verdict/result.ts';
import { cut } from '../verdict/text.ts';
import type { GitHub } from './api.ts';
import { readArtifact } from './artifact.ts';
import {
  type About,
  renderCheckRun,
  renderComment,
  renderNotice,
  renderSummary,
  titleOf,
  titleOfAll,
} from './comment.ts';
import { type GradingRun as Run, readEvent } from './event.ts';
import { shownPath } from './places.ts';
import { type Annotation, type CheckRun, postCheckRun, putComment } from './post.ts';
import { findPull, isCurrent, type Pull, type PullChanges, readChanges } from './pull.ts';
import { mergeReports } from './reports.ts';

/** A run, and where to read about it. */
type GradingRun = Run & { url: string };

export type Reported =
  /** Nothing to say on any pull request, and why. */
  | { kind: 'stopped'; why: string }
  /** A neutral answer: `why` and the summary say what a maintainer must look at. */
  | { kind: 'needs a maintainer' | 'refused'; pull: number; why: string; summary: string }
  | {
      kind: 'posted';
      pull: number;
      report: Report;
      summary: string;
      commit: string;
      /** When GitHub received the push; undefined for a second look, which is started later. */
      handedIn?: string;
      secondLook?: true;
    };

export interface Reporting {
  github: GitHub;
  /** The workflow_run event. */
  payload: unknown;
  /** Ours: '<owner>/<name>'. */
  repository: string;
  /** That of the base. */
  course: readonly LoadedExercise[];
  /** Where the summary will be read. */
  url: string;
}

/** Throws GitHubFailure. */
export async function reportRun({ github, payload, repository, course, url }: Reporting): Promise<Reported> {
  const read = readEvent(payload, repository);
  if ('stop' in read) return { kind: 'stopped', why: read.stop };
  const run = { ...read.run, url };
  const pull = await findPull(github, run);
  if (!pull)
    return {
      kind: 'stopped',
      why: `No open pull request has the commit ${run.headSha} any more: a newer one is graded by itself.`,
    };

  const { folders, passedOver, foreign } = await readChanges(github, run, pull);
  if (foreign)
    return answer(github, run, pull, {
      kind: 'needs a maintainer',
      title: 'a maintainer must look at this',
      why: foreign.reason,
      paths: foreign.paths,
      comment: folders.length > 0,
    });
  if (folders.length === 0) return { kind: 'stopped', why: 'The pull request adds nothing to a submission.' };

  const checked = await readResults(github, run, course, folders);
  if (!(await isCurrent(github, run, pull)))
    return { kind: 'stopped', why: 'The branch has moved meanwhile: the newer commit is graded by itself.' };
  if ('problem' in checked)
    return answer(github, run, pull, {
      kind: 'refused',
      title: 'these results cannot be used',
      why: checked.problem,
      paths: [],
      comment: true,
    });
  return post(github, run, pull, { folders, passedOver }, checked.report);
}

async function readResults(
  github: GitHub,
  run: GradingRun,
  course: readonly LoadedExercise[],
  folders: readonly string[],
): Promise<{ report: Report } | { problem: string }> {
  const archive = await readArtifact(github, run.id);
  if ('problem' in archive) return archive;
  const merged = mergeReports(archive.files, course);
  if ('problem' in merged) return merged;
  const other = merged.report.results.find(({ submission }) => !folders.includes(submission));
  return other
    ? { problem: `There is a result of ${other.submission}, which the pull request does not change.` }
    : merged;
}

async function post(
  github: GitHub,
  run: GradingRun,
  pull: Pull,
  { folders, passedOver }: Pick<PullChanges, 'folders' | 'passedOver'>,
  report: Report,
): Promise<Reported> {
  const graded = new Set(report.results.map(({ submission }) => submission));
  const about: About = {
    headSha: run.headSha,
    url: run.url,
    passedOver,
    ungraded: folders.filter((folder) => !graded.has(folder)).map(shownPath),
    ...(run.kind === 'second look' && { secondLook: run.actor }),
  };
  for (const results of bundle(report.results)) await postCheckRun(github, checkRunOf(run, results));
  await putComment(github, pull.number, renderComment(report, about), run.kind);
  return {
    kind: 'posted',
    pull: pull.number,
    report,
    summary: renderSummary(report, about),
    commit: run.headSha,
    ...(run.kind === 'grade' ? { handedIn: run.createdAt } : { secondLook: true }),
  };
}

const conclusions: Record<Outcome, CheckRun['conclusion']> = {
  pass: 'success',
  fail: 'failure',
  invalid: 'failure',
  skipped: 'neutral',
  unsupported: 'neutral',
  error: 'neutral',
};

/** GitHub counts requests: 1,000 an hour and repository. More exercises than this are one check run together. */
const mostCheckRuns = 4;

/** The results of each check run: those of an exercise, or of all. */
function bundle(results: readonly Result[]): Result[][] {
  const each = [...Map.groupBy(results, ({ submission }) => submission).values()];
  return each.length > mostCheckRuns ? [[...results]] : each;
}

/** Of the results of one submission, one a kernel, or of several submissions. */
function checkRunOf({ headSha, url, kind }: GradingRun, results: Result[]): CheckRun {
  const exercises = new Set(results.map(({ exercise }) => exercise));
  const outcome = results.some((result) => result.outcome === 'invalid') ? 'invalid' : overallOutcome(results);
  const worst = results.find((result) => result.outcome === outcome)!;
  return {
    name: `${kind} / ${exercises.size > 1 ? 'exercises' : worst.exercise}`,
    headSha,
    url,
    conclusion: conclusions[outcome],
    title: exercises.size > 1 ? titleOfAll(results) : titleOf(worst),
    summary: renderCheckRun(results),
    annotations: results.flatMap(annotationsOf),
  };
}

function annotationsOf({ submission, checks }: Result): Annotation[] {
  return checks.flatMap(({ outcome, title, message }) => {
    if (outcome !== 'fail' || !message?.location) return [];
    const { file, line, column } = message.location;
    return [
      {
        path: `${submission}/${file}`,
        start_line: line,
        end_line: line,
        ...(column !== undefined && { start_column: column, end_column: column }),
        annotation_level: 'failure',
        title: cut(title, 250),
        message: [
          message.text,
          message.expected && `expected: ${message.expected}`,
          message.actual && `seen: ${message.actual}`,
          message.help,
        ]
          .filter(Boolean)
          .join('\n'),
        ...(message.log !== undefined && { raw_details: message.log }),
      },
    ];
  });
}

interface Answer {
  kind: 'needs a maintainer' | 'refused';
  title: string;
  why: string;
  paths: readonly string[];
  /** Also as a comment: not for a pull request that hands nothing in, such as a maintainer's own. */
  comment: boolean;
}

const next: Record<Answer['kind'], string> = {
  'needs a maintainer':
    'So no results are posted by themselves. If you only hand in exercises: fetch the course, run npx grade submit, and push the branch that it makes. It holds nothing but your own folder.',
  refused: 'So nothing is posted of them. Push again, or ask a maintainer to run the workflow again.',
};

/** Neutral: it neither passes nor fails anybody. */
async function answer(
  github: GitHub,
  run: GradingRun,
  { number }: Pull,
  { kind, title, why, paths, comment }: Answer,
): Promise<Reported> {
  const summary = renderNotice(title, `${why} ${next[kind]}`, paths, run);
  await postCheckRun(github, {
    name: `${run.kind} / submissions`,
    headSha: run.headSha,
    url: run.url,
    conclusion: 'neutral',
    title: `${title[0]!.toUpperCase()}${title.slice(1)}`,
    summary,
    annotations: [],
  });
  if (comment) await putComment(github, number, summary, run.kind);
  return { kind, pull: number, why, summary };
}
