/** GitHub's REST API as far as it is needed: what comes back is checked, limits are waited for, pages are put together. */
import { setTimeout as sleepFor } from 'node:timers/promises';
import { z } from 'zod';
import { backOff, isLimit, mostTries, waitFor } from './patience.ts';

/** Expected trouble with GitHub: what failed, and what to do about it. */
export class GitHubFailure extends Error {
  override name = 'GitHubFailure';
  /** Of the last answer; null if there was none. */
  readonly status: number | null;
  readonly remedy: string;
  constructor(message: string, status: number | null, remedy: string) {
    super(message);
    this.status = status;
    this.remedy = remedy;
  }
}

export interface GitHubOptions {
  token: string;
  /** '<owner>/<name>' */
  repository: string;
  /** Without a slash at its end; another one for GitHub Enterprise, and in tests. */
  url?: string;
  /** Milliseconds. */
  sleep?: (ms: number) => Promise<unknown>;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Told what is waited for. */
  note?: (text: string) => void;
}

export type Method = 'GET' | 'POST' | 'PATCH';
type Query = Record<string, string | number>;

interface Sent {
  query?: Query;
  body?: unknown;
  /** Not sent again after a server error: it may have been done all the same. */
  once?: boolean;
}

/** Pages of a hundred; more than this is no list that we ask for. */
const mostPages = 40;
const deadlineMs = 60_000;

export class GitHub {
  readonly #options: Required<Omit<GitHubOptions, 'note'>> & Pick<GitHubOptions, 'note'>;

  constructor(options: GitHubOptions) {
    this.#options = { url: 'https://api.github.com', sleep: sleepFor, now: Date.now, ...options };
  }

  /** `path` is below the repository: '/pulls/7'. Throws GitHubFailure, also if the answer is of another shape. */
  async ask<T extends z.ZodType>(method: Method, path: string, schema: T, sent: Sent = {}): Promise<z.output<T>> {
    return check(
      await (await this.#send(method, this.#urlOf(path, sent.query), sent)).json().catch(() => undefined),
      schema,
      `${method} ${path}`,
    );
  }

  /** Until GitHub has done what it does by itself. Milliseconds. */
  async wait(ms: number): Promise<void> {
    await this.#options.sleep(ms);
  }

  /** All pages of a list. `schema` is that of a page, `items` what is listed in it. */
  async list<T extends z.ZodType, I>(
    path: string,
    schema: T,
    items: (page: z.output<T>) => I[],
    query: Query = {},
  ): Promise<I[]> {
    const all: I[] = [];
    let url: string | null = this.#urlOf(path, { per_page: 100, ...query });
    for (let page = 1; url !== null; page += 1) {
      if (page > mostPages)
        throw new GitHubFailure(
          `${path} has more than ${mostPages} pages.`,
          null,
          'A maintainer must look at this pull request.',
        );
      const response: Response = await this.#send('GET', url, {});
      all.push(...items(check(await response.json().catch(() => undefined), schema, `GET ${path}`)));
      url = this.#next(response);
    }
    return all;
  }

  /** The file that `path` redirects to, at most `maxBytes` of it. The token stays with GitHub: the file's place is another host. */
  async download(path: string, maxBytes: number): Promise<Uint8Array> {
    const file = await this.#fileOf(path);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of file) {
      if ((bytes += chunk.length) > maxBytes)
        throw new GitHubFailure(
          `The file of ${path} is larger than ${maxBytes} bytes.`,
          null,
          'A maintainer must look at this run.',
        );
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  /** The place is asked for anew each time: it is good for a minute. */
  async #fileOf(path: string): Promise<NonNullable<Response['body']>> {
    for (let tries = 1; ; tries += 1) {
      const response = await this.#send('GET', this.#urlOf(path), {}, 'manual');
      const place = response.headers.get('location');
      const file =
        place === null ? null : await fetch(place, { signal: AbortSignal.timeout(deadlineMs) }).catch(() => null);
      if (file?.ok && file.body) return file.body;
      if (tries === mostTries)
        throw new GitHubFailure(
          `The file of ${path} cannot be had: status ${file?.status ?? 'none'}.`,
          file?.status ?? null,
          'Run this job again.',
        );
      await this.#options.sleep(backOff(tries));
    }
  }

  async #send(
    method: Method,
    url: string,
    { body, once }: Sent,
    redirect: 'error' | 'manual' = 'error',
  ): Promise<Response> {
    const { token, sleep, now, note } = this.#options;
    const headers = {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'user-agent': 'hookpoint',
      'x-github-api-version': '2022-11-28',
    };
    const json =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { ...headers, 'content-type': 'application/json' } };
    for (let tries = 1; ; tries += 1) {
      const sent = fetch(url, { method, headers, redirect, signal: AbortSignal.timeout(deadlineMs), ...json });
      const response = await sent.catch((error: unknown) => (once || tries === mostTries ? unreachable(error) : null));
      if (!response) {
        await sleep(backOff(tries));
        continue;
      }
      if (response.ok || (redirect === 'manual' && response.status === 302)) return response;
      const { message } = saidSchema.parse(await response.json().catch(() => ({})));
      const answer = { status: response.status, headers: response.headers, message };
      const wait = once && response.status >= 500 ? null : waitFor(answer, tries, now());
      if (wait === null) throw failureOf(`${method} ${new URL(url).pathname}`, answer);
      note?.(`GitHub answered ${response.status}; asking again in ${Math.ceil(wait / 1000)} s.`);
      await sleep(wait);
    }
  }

  #urlOf(path: string, query: Query = {}): string {
    const url = new URL(`${this.#options.url}/repos/${this.#options.repository}${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    return url.href;
  }

  /** Of the Link header; never to another host, which would be given the token. */
  #next({ headers }: Response): string | null {
    const next = /<([^>]+)>;\s*rel="next"/.exec(headers.get('link') ?? '')?.[1];
    return next && new URL(next).origin === new URL(this.#options.url).origin ? next : null;
  }
}

const saidSchema = z.object({ message: z.string().catch('') }).catch({ message: '' });

function check<T extends z.ZodType>(json: unknown, schema: T, what: string): z.output<T> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new GitHubFailure(
    `${what} answered out of shape at '${parsed.error.issues[0]?.path.join('.')}'.`,
    null,
    'Please report it: GitHub’s API or ours has changed.',
  );
}

function failureOf(what: string, answer: { status: number; headers: Headers; message: string }): GitHubFailure {
  const { status, headers, message } = answer;
  const said = message === '' ? '' : ` GitHub says: ${message}`;
  if (isLimit(answer))
    return new GitHubFailure(
      `${what} is still refused: too many requests.${said}`,
      status,
      'Run this job again in an hour.',
    );
  if (status === 401)
    return new GitHubFailure(
      `${what} was refused: the token is not valid.${said}`,
      status,
      'Pass the workflow’s own token: GITHUB_TOKEN: ${{ github.token }}',
    );
  if (status === 403) {
    const needed = headers.get('x-accepted-github-permissions');
    return new GitHubFailure(
      `${what} was refused: the token has not the permission.${said}`,
      status,
      needed
        ? `Give it to the job, below permissions: ${needed.replaceAll('=', ': ')}`
        : 'See which permissions the job has in .github/workflows/report.yml.',
    );
  }
  if (status >= 500)
    return new GitHubFailure(
      `${what} failed on GitHub’s side: status ${status}.${said}`,
      status,
      'See https://www.githubstatus.com, then run this job again.',
    );
  return new GitHubFailure(`${what} failed: status ${status}.${said}`, status, 'Please report it.');
}

function unreachable(error: unknown): never {
  const cause = error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error);
  throw new GitHubFailure(`GitHub cannot be reached: ${cause}`, null, 'Run this job again.');
}
