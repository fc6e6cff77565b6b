/** `grade post`: for report.yml. Checks what a run of grade.yml left behind, and posts it on its pull request. */
import { appendFile, readFile } from 'node:fs/promises';
import { loadCourse } from '../course/load.ts';
import { GitHub, GitHubFailure } from '../github/api.ts';
import { reportRun } from '../github/reporter.ts';
import { CommandFailure, type Context } from './context.ts';
import { ResultsFile } from './results-file.ts';

export interface PostOptions {
  /** A results file for the class: what was posted, with GitHub's time. */
  keep?: string;
}

/** All that it needs is in the environment of a job: the event, the token, the repository. Returns 0 also if there was nothing to post. */
export async function post(
  context: Context,
  { keep }: PostOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const [event, token, repository] = ['GITHUB_EVENT_PATH', 'GITHUB_TOKEN', 'GITHUB_REPOSITORY'].map((name) => {
    const value = env[name];
    if (!value)
      throw new CommandFailure(
        `${name} is not set: grade post runs in a job of .github/workflows/report.yml.`,
        2,
        'To grade here: npx grade',
      );
    return value;
  });
  const payload = JSON.parse(await readFile(event!, 'utf8')) as unknown;
  const github = new GitHub({
    token: token!,
    repository: repository!,
    note: context.note,
    ...(env.GITHUB_API_URL && { url: env.GITHUB_API_URL }),
  });
  try {
    const url = `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${repository}/actions/runs/${env.GITHUB_RUN_ID ?? ''}`;
    const reported = await reportRun({
      github,
      payload,
      repository: repository!,
      course: await loadCourse(context.root),
      url,
    });
    if (keep !== undefined && reported.kind === 'posted') {
      const file = await ResultsFile.open(keep);
      const { commit, handedIn, secondLook } = reported;
      const about = { commit, ...(handedIn && { handedIn }), ...(secondLook && { secondLook }) };
      for (const result of reported.report.results) await file.add(result, about);
    }
    if (context.json) process.stdout.write(`${JSON.stringify(reported)}\n`);
    context.say(
      reported.kind === 'stopped'
        ? `Nothing posted. ${reported.why}`
        : `Pull request #${reported.pull}: ${reported.kind}.${'why' in reported ? ` ${reported.why}` : ''}`,
    );
    const summary =
      reported.kind === 'stopped' ? `Nothing was posted, and nobody loses anything. ${reported.why}` : reported.summary;
    if (env.GITHUB_STEP_SUMMARY) await appendFile(env.GITHUB_STEP_SUMMARY, `${summary}\n`);
    return 0;
  } catch (error) {
    if (error instanceof GitHubFailure) throw new CommandFailure(error.message, 3, error.remedy);
    throw error;
  }
}
