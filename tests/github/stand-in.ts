/**
 * GitHub for tests: a server on this machine that answers as the API does, and holds every request, and every answer of its own,
 * against GitHub's description of it. What it finds wrong is in `violations`; a test ends with none.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { checkAnswer, checkRequest, example, findOperation, type Found } from './openapi.ts';

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface Seen {
  route: string;
  parameters: Record<string, string>;
  query: Record<string, string>;
  body: any;
}

type Json = Record<string, any>;

/** What is on GitHub. */
export interface State {
  repository: string;
  pulls: Json[];
  /** What two commits differ in, by '<base>...<head>'. */
  comparisons: Record<string, Json[]>;
  /** By id: what each was made of. */
  commits: Record<string, string[]>;
  /** All files of the commits, which have the same tree. */
  tree: { path: string; mode: string; type: string; size?: number; sha: string }[];
  artifacts: {
    id: number;
    name: string;
    run: number;
    bytes: Uint8Array;
    digest?: string;
    createdAt?: string;
    expired?: boolean;
  }[];
  comments: { id: number; issue: number; login: string; type: string; body: string }[];
  checkRuns: Json[];
  /** Of the token. */
  permissions: Record<string, 'read' | 'write'>;
}

/** What an operation needs of the token. */
const needed: Record<string, readonly [string, 'read' | 'write']> = {
  'pulls/list': ['pull_requests', 'read'],
  'pulls/get': ['pull_requests', 'read'],
  'repos/compare-commits-with-basehead': ['contents', 'read'],
  'git/get-commit': ['contents', 'read'],
  'git/get-tree': ['contents', 'read'],
  'actions/list-workflow-run-artifacts': ['actions', 'read'],
  'actions/download-artifact': ['actions', 'read'],
  'checks/create': ['checks', 'write'],
  'checks/update': ['checks', 'write'],
  'issues/list-comments': ['pull_requests', 'read'],
  'issues/create-comment': ['pull_requests', 'write'],
  'issues/update-comment': ['pull_requests', 'write'],
};

export class StandIn {
  readonly state: State;
  readonly violations: string[] = [];
  readonly seen: Seen[] = [];
  /** Answers given in place of the usual ones, first come first served; undefined lets one pass. */
  readonly instead: {
    id: string;
    answer: Answer | undefined;
    /** After it was done all the same. */ late?: boolean;
  }[] = [];
  /** Called before an operation is answered: what happens meanwhile. */
  onRequest: (id: string) => void = () => {};
  url = '';

  private constructor(state: State) {
    this.state = state;
  }

  /** Ends with the test, which fails if anything was not as GitHub describes it. */
  static async start(state: State): Promise<StandIn> {
    const standIn = new StandIn(state);
    const server = createServer((request, response) => void standIn.#serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    standIn.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    onTestFinished(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      expect(standIn.violations).toEqual([]);
    });
    return standIn;
  }

  /** Everything that would have changed something. */
  get written(): Seen[] {
    return this.seen.filter(({ route }) => !route.startsWith('GET '));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.url);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const send = ({ status = 200, headers = {}, body }: Answer) => {
      const bytes = body instanceof Uint8Array ? body : body === undefined ? '' : JSON.stringify(body);
      response
        .writeHead(status, {
          'content-type': body instanceof Uint8Array ? 'application/zip' : 'application/json',
          ...headers,
        })
        .end(bytes);
    };
    if (url.pathname.startsWith('/storage/')) {
      // Not GitHub's: a token sent there is a token given away.
      if (request.headers.authorization) this.violations.push('the token was sent to the storage');
      const artifact = this.state.artifacts.find(({ id }) => `/storage/${id}` === url.pathname);
      return send(artifact ? { body: artifact.bytes } : { status: 403, body: 'The link has expired.' });
    }
    const found = findOperation(request.method!, url.pathname);
    if (!found)
      return void (
        this.violations.push(`no such operation: ${request.method} ${url.pathname}`),
        send({ status: 404, body: error('Not Found') })
      );
    const text = Buffer.concat(chunks).toString();
    const body = text === '' ? undefined : (JSON.parse(text) as unknown);
    this.violations.push(
      ...checkRequest(found, url.searchParams, body).map((problem) => `${found.route}: ${problem}`),
      ...checkHeaders(request, found),
    );
    this.seen.push({
      route: found.route,
      parameters: found.parameters,
      query: Object.fromEntries(url.searchParams),
      body,
    });
    this.onRequest(found.id);
    const answer = this.#answer(found, url, body);
    this.violations.push(
      ...checkAnswer(found, answer.status ?? 200, answer.body).map((problem) => `answer to ${found.route}: ${problem}`),
    );
    send(answer);
  }

  #answer(found: Found, url: URL, body: unknown): Answer {
    const index = this.instead.findIndex(({ id }) => id === found.id);
    const [instead] = index < 0 ? [] : this.instead.splice(index, 1);
    if (instead?.answer && !instead.late) return instead.answer;
    const answer = this.#usual(found, url, body as Json);
    return instead?.answer ?? answer;
  }

  #usual({ id, parameters }: Found, url: URL, body: Json): Answer {
    const { state } = this;
    if (`${parameters.owner}/${parameters.repo}` !== state.repository) return { status: 404, body: error('Not Found') };
    const [permission, level] = needed[id] ?? ['none', 'write'];
    if (state.permissions[permission] !== 'write' && state.permissions[permission] !== level) {
      return {
        status: 403,
        headers: { 'x-accepted-github-permissions': `${permission}=${level}` },
        body: error('Resource not accessible by integration'),
      };
    }
    const number = Number(parameters.pull_number ?? parameters.issue_number);
    switch (id) {
      case 'pulls/list':
        return this.#page(
          url,
          state.pulls.filter(
            (pull) =>
              pull.state === url.searchParams.get('state') &&
              pull.head.label === url.searchParams.get('head') &&
              pull.base.ref === url.searchParams.get('base'),
          ),
        );
      case 'pulls/get': {
        const pull = state.pulls.find((one) => one.number === number);
        return pull ? { body: merge(example('pull-request'), pull) } : { status: 404, body: error('Not Found') };
      }
      case 'git/get-commit': {
        const parents = state.commits[parameters.commit_sha!];
        const made = example<Json>('git-commit');
        return parents
          ? {
              body: {
                ...made,
                sha: parameters.commit_sha,
                parents: parents.map((sha) => ({ ...made.parents[0], sha })),
                tree: { ...made.tree, sha: treeOf('') },
              },
            }
          : { status: 404, body: error('Not Found') };
      }
      case 'repos/compare-commits-with-basehead': {
        const files = state.comparisons[url.pathname.split('/').at(-1)!];
        // GitHub lists no more.
        return files
          ? { body: { ...example<Json>('commit-comparison'), files: files.slice(0, 300) } }
          : { status: 404, body: error('Not Found') };
      }
      case 'git/get-tree': {
        const folders = new Set(
          state.tree.flatMap(({ path }) => path.split('/').map((_, i, parts) => parts.slice(0, i).join('/'))),
        );
        const folder = [...folders].find((one) => treeOf(one) === parameters.tree_sha);
        if (folder === undefined) return { status: 404, body: error('Not Found') };
        const begins = folder === '' ? '' : `${folder}/`;
        const below = state.tree
          .filter(({ path }) => path.startsWith(begins))
          .map((entry) => ({ ...entry, path: entry.path.slice(begins.length) }));
        const direct = below.map((entry) => {
          const [name, ...rest] = entry.path.split('/');
          return rest.length === 0
            ? entry
            : { path: name!, mode: '040000', type: 'tree', sha: treeOf(`${begins}${name}`) };
        });
        const tree = url.searchParams.has('recursive')
          ? below
          : [...new Map(direct.map((entry) => [entry.path, entry])).values()];
        return { body: { sha: parameters.tree_sha, url: `${this.url}/tree`, truncated: false, tree } };
      }
      case 'actions/list-workflow-run-artifacts': {
        const name = url.searchParams.get('name');
        const all = state.artifacts.filter(
          (one) => one.run === Number(parameters.run_id) && (name === null || one.name === name),
        );
        return { body: { total_count: all.length, artifacts: all.map((one) => this.#artifact(one)) } };
      }
      case 'actions/download-artifact':
        return { status: 302, headers: { location: `${this.url}/storage/${parameters.artifact_id}` } };
      case 'checks/create': {
        const run = { id: state.checkRuns.length + 1, ...body, annotations: [...(body.output.annotations ?? [])] };
        state.checkRuns.push(run);
        return { status: 201, body: checkRun(run) };
      }
      case 'checks/update': {
        const run = state.checkRuns.find((one) => one.id === Number(parameters.check_run_id))!;
        run.annotations.push(...body.output.annotations);
        return { body: checkRun(run) };
      }
      case 'issues/list-comments':
        return this.#page(url, state.comments.filter(({ issue }) => issue === number).map(comment));
      case 'issues/create-comment': {
        if (body.body.length > 65_536) return { status: 422, body: error('body is too long') };
        const made = {
          id: state.comments.length + 1,
          issue: number,
          login: 'github-actions[bot]',
          type: 'Bot',
          body: body.body as string,
        };
        state.comments.push(made);
        return { status: 201, headers: { location: `${this.url}/x` }, body: comment(made) };
      }
      case 'issues/update-comment': {
        const own = state.comments.find((one) => one.id === Number(parameters.comment_id))!;
        own.body = body.body as string;
        return { body: comment(own) };
      }
      default:
        this.violations.push(`nobody should ask for ${id}`);
        return { status: 404, body: error('Not Found') };
    }
  }

  /** With the Link header that says where the next page is. */
  #page(url: URL, all: unknown[]): Answer {
    const [size, page] = [Number(url.searchParams.get('per_page') ?? 30), Number(url.searchParams.get('page') ?? 1)];
    const next = new URL(url);
    next.searchParams.set('page', String(page + 1));
    return {
      headers: page * size < all.length ? { link: `<${next}>; rel="next", <${next}>; rel="last"` } : {},
      body: all.slice((page - 1) * size, page * size),
    };
  }

  #artifact({ id, name, run, bytes, digest, createdAt, expired }: State['artifacts'][number]): Json {
    const made = example<{ artifacts: Json[] }>('artifact-paginated').artifacts[0]!;
    const sha256 = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    return {
      ...made,
      id,
      name,
      size_in_bytes: bytes.length,
      expired: expired ?? false,
      digest: digest ?? sha256,
      workflow_run: { ...made.workflow_run, id: run },
      ...(createdAt && { created_at: createdAt }),
    };
  }
}

/** The id of a folder's tree: there is one version of each. */
function treeOf(folder: string): string {
  return createHash('sha1').update(folder).digest('hex');
}

export function error(message: string): Json {
  return { message, documentation_url: 'https://docs.github.com/rest' };
}

/** A pull request as lists show it. */
export function pullOf(about: {
  number: number;
  author: string;
  head: { owner: string; branch: string; sha: string; repositoryId: number };
  repository: string;
  merge?: string;
}): Json {
  const { number, author, head, repository, merge: merged = 'd'.repeat(40) } = about;
  const [made] = example<Json[]>('pull-request-simple-items');
  const [owner, name] = repository.split('/') as [string, string];
  const fork = {
    ...made!.head.repo,
    id: head.repositoryId,
    full_name: `${head.owner}/${name}`,
    owner: { ...made!.head.repo.owner, login: head.owner },
  };
  return merge(made!, {
    // The example's own team is not as described.
    number,
    state: 'open',
    user: { login: author },
    merge_commit_sha: merged,
    requested_teams: [],
    head: {
      label: `${head.owner}:${head.branch}`,
      ref: head.branch,
      sha: head.sha,
      user: { login: head.owner },
      repo: fork,
    },
    base: { label: `${owner}:main`, ref: 'main', repo: { full_name: repository } },
  });
}

/** A file of a pull request, as of a commit. */
export function fileOf(
  repository: string,
  sha: string,
  filename: string,
  about: { status?: string; previous_filename?: string } = {},
): Json {
  const [made] = example<Json[]>('diff-entry-items');
  return {
    ...made,
    filename,
    status: 'added',
    contents_url: `https://api.github.com/repos/${repository}/contents/${encodeURIComponent(filename)}?ref=${sha}`,
    ...about,
  };
}

function checkHeaders({ headers }: IncomingMessage, { route }: Found): string[] {
  const wanted = {
    authorization: /^Bearer \S+$/,
    accept: /^application\/vnd\.github\+json$/,
    'user-agent': /./,
    'x-github-api-version': /^\d{4}-\d\d-\d\d$/,
  };
  return Object.entries(wanted)
    .filter(([name, form]) => !form.test(String(headers[name] ?? '')))
    .map(([name]) => `${route}: no ${name}`);
}

function checkRun({ id, name, head_sha, conclusion, details_url, annotations, output }: Json): Json {
  const made = example<Json>('check-run');
  return {
    ...made,
    id,
    name,
    head_sha,
    status: 'completed',
    conclusion,
    details_url,
    output: { ...made.output, title: output.title, summary: output.summary, annotations_count: annotations.length },
  };
}

function comment({ id, body, login, type }: State['comments'][number]): Json {
  const [made] = example<Json[]>('issue-comment-items');
  return { ...made, id, body, user: { ...made!.user, login, type } };
}

function merge(into: Json, from: Json): Json {
  for (const [key, value] of Object.entries(from)) {
    const both = [into[key], value].every((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
    into[key] = both ? merge({ ...into[key] }, value) : value;
  }
  return into;
}
