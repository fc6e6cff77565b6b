/** A pull request of ada's fork with one exercise in it, its grading run ended: what every test of the reporter changes something of. */
import { buffer } from 'node:stream/consumers';
import examples from '@octokit/webhooks-examples' with { type: 'json' };
import { ZipFile } from 'yazl';
import { GitHub } from '../../grader/github/api.ts';
import { reportRun, type Reported } from '../../grader/github/reporter.ts';
import type { LoadedExercise } from '../../grader/course/exercise.ts';
import { makeReport } from '../../grader/report/json.ts';
import type { Report, Result } from '../../grader/verdict/result.ts';
import { course, fails, judged } from '../unit/github/results.ts';
import { fileOf, pullOf, StandIn, type State } from './stand-in.ts';

export const repository = 'octo-org/octo-repo';
export const headSha = 'a'.repeat(40);
/** The course, and the commit in which GitHub has merged the branch with it. */
export const [baseSha, mergeSha] = ['e'.repeat(40), 'd'.repeat(40)];
export const folder = 'submissions/ada/programs/hello';
const fork = { owner: 'ada', branch: 'my-work', sha: headSha, repositoryId: 424242 };
const runId = 777;
/** Of the run of report.yml. */
export const reportUrl = `https://github.com/${repository}/actions/runs/778`;

export const number = 7;
export const hello = course();
export const failing = course({
  loads: fails({
    text: 'The value is used before it was tested for NULL.',
    expected: 'a test for NULL',
    actual: 'none',
    location: { file: 'hello.bpf.c', line: 17, column: 10, source: '\treturn *value;' },
    wholeLog: '0: (b7) r1 = 0',
  }),
});

type Payload = Record<string, any>;

/** GitHub's own example of a finished run, made one of our workflow for ada's branch. */
export function runEvent(changes: Payload = {}): Payload {
  const runs = (examples as unknown as { name: string; examples: Payload[] }[]).find(
    ({ name }) => name === 'workflow_run',
  )!.examples;
  const payload = structuredClone(runs.find(({ action, workflow_run: run }) => action === 'completed' && run.path)!);
  payload.repository.full_name = repository;
  payload.repository.default_branch = 'main';
  const head_repository = {
    ...payload.workflow_run.head_repository,
    id: fork.repositoryId,
    full_name: 'ada/octo-repo',
    owner: { ...payload.workflow_run.head_repository.owner, login: 'ada' },
  };
  Object.assign(payload.workflow_run, {
    id: runId,
    event: 'pull_request',
    path: '.github/workflows/grade.yml',
    status: 'completed',
    conclusion: 'success',
    head_sha: headSha,
    head_branch: fork.branch,
    head_repository,
    repository: { ...payload.workflow_run.repository, full_name: repository },
    ...changes,
  });
  return payload;
}

export interface Entry {
  name: string;
  content: string | Uint8Array;
  /** Unix mode with the kind of file; a regular one by default. */
  mode?: number;
}

export async function archiveOf(entries: readonly Entry[]): Promise<Buffer> {
  const zip = new ZipFile();
  for (const { name, content, mode = 0o100644 } of entries)
    zip.addBuffer(Buffer.from(content), name, { mode, compress: content.length > 10_000 });
  zip.end();
  return buffer(zip.outputStream);
}

/** The same archive with an entry called otherwise, for names that no maker of archives lets pass; as long as the old one. */
export function renamed(archive: Buffer, from: string, to: string): Buffer {
  if (from.length !== to.length) throw new Error('The names must be of the same length.');
  return Buffer.from(archive.toString('latin1').replaceAll(from, to), 'latin1');
}

export function entryOf(report: unknown, name = 'report-6.12-1.json'): Entry {
  return { name, content: typeof report === 'string' ? report : JSON.stringify(report) };
}

export class Scenario {
  readonly standIn: StandIn;
  payload = runEvent();
  course: LoadedExercise[] = [hello];
  /** Milliseconds that were waited. */
  readonly waited: number[] = [];
  readonly notes: string[] = [];

  private constructor(standIn: StandIn) {
    this.standIn = standIn;
  }

  /** `results` are in the artifact; by default ada's passes. */
  static async make(results?: readonly Result[]): Promise<Scenario> {
    const scenario = new Scenario(
      await StandIn.start({
        repository,
        comparisons: {},
        commits: { [mergeSha]: [baseSha, headSha] },
        tree: [],
        comments: [],
        checkRuns: [],
        artifacts: [],
        pulls: [pullOf({ number, author: 'ada', head: fork, repository })],
        permissions: { contents: 'read', pull_requests: 'write', checks: 'write', actions: 'read' },
      }),
    );
    scenario.changed([`${folder}/hello.bpf.c`]);
    await scenario.results(makeReport(results ?? [await judged(hello)]));
    return scenario;
  }

  get state(): State {
    return this.standIn.state;
  }

  /** What merging the pull request changes, and how git keeps it: a regular file by default. */
  changed(paths: readonly string[], mode = '100644', size = 100): void {
    this.merged(paths.map((path) => fileOf(repository, mergeSha, path)));
    this.state.tree = paths.map((path) => ({ path, mode, type: 'blob', size, sha: 'b'.repeat(40) }));
  }

  /** What GitHub's merge of it has that the course has not. */
  merged(files: Payload[]): void {
    this.state.comparisons[`${baseSha}...${mergeSha}`] = files;
  }

  results(report: Report | Record<string, unknown>): Promise<void> {
    return this.archive([entryOf(report)]);
  }

  async archive(content: readonly Entry[] | Buffer): Promise<void> {
    const bytes = Buffer.isBuffer(content) ? content : await archiveOf(content as Entry[]);
    this.state.artifacts = [{ id: 1, name: 'results', run: runId, bytes }];
  }

  report(): Promise<Reported> {
    const now = Date.UTC(2026, 10, 24);
    const github = new GitHub({
      token: 'ghs_test',
      repository,
      url: this.standIn.url,
      now: () => now + this.waited.reduce((sum, ms) => sum + ms, 0),
      sleep: async (ms) => void this.waited.push(ms),
      note: (text) => void this.notes.push(text),
    });
    return reportRun({ github, payload: this.payload, repository, course: this.course, url: reportUrl });
  }

  /** All that is on GitHub because of us. */
  get posted(): string {
    return JSON.stringify([
      this.state.comments.filter(({ login }) => login === 'github-actions[bot]'),
      this.state.checkRuns,
    ]);
  }
}
