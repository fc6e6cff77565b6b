/** Who the learner is: the name of their folder in submissions/. */
import { readFile, readdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { askGit } from './git.ts';

export interface Login {
  login: string;
  /** How it was found, for `grade doctor`. */
  from: 'submissions' | 'git config github.user' | 'git remote origin' | 'user name';
}

/** What git is configured with, by key in lower case: github.user, and what it knows of remotes. One call of git, for it takes time. */
export type Git = () => Promise<ReadonlyMap<string, string>>;

export interface LoginOptions {
  env?: NodeJS.ProcessEnv;
  git?: Git;
}

/**
 * In this order: the only folder in submissions/; `git config github.user`; the owner of the remote `origin`, if that
 * is a fork; the name of the user here. The clone of a course belongs to its author, so the owner of `origin` counts
 * only if the remote `upstream` or package.json names another.
 */
export async function findLogin(
  root: string,
  { env = process.env, git = gitIn(root) }: LoginOptions = {},
): Promise<Login> {
  const folders = await submitters(root);
  if (folders.length === 1) return { login: folders[0]!, from: 'submissions' };
  const settings = await git();
  const spelled = (login: string) => spelledAs(folders, login);
  const configured = settings.get('github.user');
  if (configured && isLogin(configured)) return { login: spelled(configured), from: 'git config github.user' };
  const fork = await ownerOfFork(root, settings);
  if (fork) return { login: spelled(fork), from: 'git remote origin' };
  return { login: spelled(toLogin(userName(env))), from: 'user name' };
}

/** The login as the learner's folder has it: on GitHub `Ada` and `ada` are the same. */
export async function asFolder(root: string, login: string): Promise<string> {
  return spelledAs(await submitters(root), login);
}

function spelledAs(folders: readonly string[], login: string): string {
  const same = folders.filter((name) => name.toLowerCase() === login.toLowerCase());
  return same.includes(login) ? login : (same[0] ?? login);
}

/**
 * GitHub's rule: letters, digits, and single hyphens between them, at most 39. A company's or school's own accounts end in an
 * underscore and its short code (https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference/username-considerations-for-external-authentication).
 */
export function isLogin(text: string): boolean {
  return text.length <= 39 && /^[a-z\d]+(-[a-z\d]+)*(_[a-z\d]+)?$/i.test(text);
}

/** The login that comes nearest to `name`; 'learner' if nothing is left of it. */
export function toLogin(name: string): string {
  const ascii = name.normalize('NFKD').replace(/\p{M}/gu, '');
  const login = ascii
    .replace(/[^a-z\d]+/gi, '-')
    .replace(/^-/, '')
    .slice(0, 39)
    .replace(/-$/, '');
  return login === '' ? 'learner' : login;
}

/** Who the learner is on GitHub, as far as this checkout knows: by `git config github.user`, or as the owner of a fork. */
export async function gitHubLogin(root: string, git: Git = gitIn(root)): Promise<string | null> {
  const settings = await git();
  const configured = settings.get('github.user');
  return configured && isLogin(configured) ? configured : ownerOfFork(root, settings);
}

export interface Repository {
  owner: string;
  name: string;
}

/** A GitHub repository, from any of the ways to write its URL. */
export function gitHubRepository(url: string): Repository | null {
  const [, owner, name] = /(?:^github:|(?:^|[/@])github\.com[/:])([^/]+)\/([^/]+?)(?:\.git)?\/?$/i.exec(url) ?? [];
  return owner && name && isLogin(owner) && /^[\w.-]+$/.test(name) ? { owner, name } : null;
}

/** The course's repository as package.json names it; null if it does not. */
export async function repositoryInPackage(root: string): Promise<Repository | null> {
  try {
    const { repository } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      repository?: string | { url?: string };
    };
    const url = typeof repository === 'string' ? repository : repository?.url;
    return url ? gitHubRepository(url) : null;
  } catch {
    return null;
  }
}

async function submitters(root: string): Promise<string[]> {
  const entries = await readdir(join(root, 'submissions'), { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && isLogin(entry.name)).map((entry) => entry.name);
}

async function ownerOfFork(root: string, settings: ReadonlyMap<string, string>): Promise<string | null> {
  const [origin, upstream] = [urlOf('origin', settings), urlOf('upstream', settings)];
  const owner = origin && gitHubRepository(origin)?.owner;
  const course = ((upstream && gitHubRepository(upstream)) || (await repositoryInPackage(root)))?.owner;
  return owner && course && owner.toLowerCase() !== course.toLowerCase() ? owner : null;
}

/** A user id without a name, as in some containers, has no userInfo. */
function userName(env: NodeJS.ProcessEnv): string {
  try {
    return env['SUDO_USER'] ?? env['USER'] ?? userInfo().username;
  } catch {
    return '';
  }
}

/** As `git remote get-url` says it: the longest `url.<base>.insteadOf` that it begins with is written out. */
function urlOf(remote: string, settings: ReadonlyMap<string, string>): string | undefined {
  const url = settings.get(`remote.${remote}.url`);
  const [shortcut] = [...settings]
    .filter(([key, value]) => /^url\..*\.insteadof$/.test(key) && url?.startsWith(value))
    .sort(([, a], [, b]) => b.length - a.length);
  return url && shortcut ? shortcut[0].slice('url.'.length, -'.insteadof'.length) + url.slice(shortcut[1].length) : url;
}

function gitIn(root: string): Git {
  return async () => {
    const wanted = String.raw`^(github\.user|remote\.(origin|upstream)\.url|url\..*\.insteadof)$`;
    const { stdout } = await askGit(root, ['config', '--null', '--get-regexp', wanted]);
    const entries = stdout.split('\0').filter((entry) => entry.includes('\n'));
    return new Map(entries.map((entry) => [entry.slice(0, entry.indexOf('\n')), entry.slice(entry.indexOf('\n') + 1)]));
  };
}
