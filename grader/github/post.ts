/** Step 6 of the reporter: check runs, and the one comment that is updated in place. */
import { z } from 'zod';
import { type GitHub, GitHubFailure } from './api.ts';

export interface Annotation {
  /** Relative to the repository. */
  path: string;
  start_line: number;
  end_line: number;
  start_column?: number;
  end_column?: number;
  annotation_level: 'notice' | 'warning' | 'failure';
  title: string;
  message: string;
  raw_details?: string;
}

export interface CheckRun {
  /** Unique among those of the commit. */
  name: string;
  headSha: string;
  conclusion: 'success' | 'failure' | 'neutral';
  title: string;
  /** Markdown, at most 65,535 characters. */
  summary: string;
  annotations: readonly Annotation[];
  /** Where its details are. */
  url: string;
}

/** GitHub takes so many a request; an update adds to those that are there. */
export const annotationsAtOnce = 50;
/** An invisible line of ours: together with the author it tells our comment from a copy of it. */
export const markers = {
  grade: '<!-- hookpoint:results -->',
  'second look': '<!-- hookpoint:second-look -->',
} as const;
const bot = 'github-actions[bot]';

const createdSchema = z.object({ id: z.int() });
const commentSchema = z.object({
  id: z.int(),
  body: z.string().nullish(),
  user: z.object({ login: z.string(), type: z.string() }).nullable(),
});

export async function postCheckRun(
  github: GitHub,
  { name, headSha, conclusion, title, summary, annotations, url }: CheckRun,
): Promise<void> {
  const output = (from: number) => ({ title, summary, annotations: annotations.slice(from, from + annotationsAtOnce) });
  const { id } = await github.ask('POST', '/check-runs', createdSchema, {
    body: { name, head_sha: headSha, status: 'completed', conclusion, details_url: url, output: output(0) },
  });
  for (let from = annotationsAtOnce; from < annotations.length; from += annotationsAtOnce) {
    await github.ask('PATCH', `/check-runs/${id}`, createdSchema, { body: { output: output(from) } });
  }
}

/** `pull`: the number of the pull request. A server error may come after the comment was made, so each try looks for it first. */
export async function putComment(
  github: GitHub,
  pull: number,
  text: string,
  kind: keyof typeof markers = 'grade',
): Promise<void> {
  const marker = markers[kind];
  const body = `${marker}\n${text}`;
  for (let tries = 1; ; tries += 1) {
    const comments = await github.list(`/issues/${pull}/comments`, z.array(commentSchema), (page) => page);
    const own = comments.find(
      ({ user, body: said }) => user?.login === bot && user.type === 'Bot' && said?.startsWith(marker),
    );
    try {
      await (own
        ? github.ask('PATCH', `/issues/comments/${own.id}`, createdSchema, { body: { body } })
        : github.ask('POST', `/issues/${pull}/comments`, createdSchema, { body: { body }, once: true }));
      return;
    } catch (error) {
      if (!(error instanceof GitHubFailure) || (error.status ?? 500) < 500 || tries === 3) throw error;
    }
  }
}
