/** The private repositories of a class: which there are, and what gh and git are called with. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Learner } from '../course/class-schema.ts';
import { askGit } from '../course/git.ts';
import { gitHubRepository, isLogin, repositoryInPackage } from '../course/login.ts';
import { plainLine } from '../verdict/text.ts';
import { CommandFailure } from './command-failure.ts';
import type { Classroom } from './classroom.ts';

/** One repository: of a group, or of a learner without one. */
export interface Team {
  /** '<organisation>/<course>-<team>' */
  repository: string;
  members: readonly Learner[];
}

export interface Places {
  organisation: string;
  /** '<owner>/<name>' of the course, whose workflow grades. */
  course: string;
  /** '<owner>/<name>' of what each repository is a copy of. */
  template: string;
  teams: readonly Team[];
}

/** Throws CommandFailure where something is not said, or two teams would share a repository. */
export async function placesOf({ context, classFile, options }: Classroom): Promise<Places> {
  const { organisation } = options;
  if (organisation === undefined || !isLogin(organisation))
    throw new CommandFailure('In which organisation are the repositories?', 2, 'Name yours: --organisation my-school');
  const course = options.course ?? (await courseOf(context.root));
  if (course === undefined || !isRepository(course))
    throw new CommandFailure(
      'Which repository is the course, whose workflow grades?',
      2,
      'Name it: --course my-school/hookpoint',
    );
  const name = course.split('/')[1]!;
  const template = options.template ?? `${organisation}/${name}-template`;
  if (!isRepository(template))
    throw new CommandFailure(
      `--template ${plainLine(template, 100)} is not the name of a repository.`,
      2,
      'It is like --template my-school/hookpoint-template',
    );
  const teams = Map.groupBy(classFile.learners, ({ login, group }) =>
    group === undefined ? `login ${login.toLowerCase()}` : `group ${group}`,
  );
  const all = [...teams.values()].map((members): Team & { of: string } => {
    const of = members[0]!.group ?? members[0]!.login;
    return { of, members, repository: `${organisation}/${name}-${slugOf(of)}` };
  });
  const taken = new Map([
    [template.toLowerCase(), 'the template'],
    [course.toLowerCase(), 'the course'],
  ]);
  for (const { of, repository } of all) {
    const other = taken.get(repository.toLowerCase());
    if (other !== undefined)
      throw new CommandFailure(
        `${of} and ${other} would share the repository ${repository}, and see each other’s work.`,
        2,
        'Rename the group in class.yaml, or name another --template.',
      );
    taken.set(repository.toLowerCase(), of);
  }
  return { organisation, course, template, teams: all };
}

/** Arguments of gh as somebody would type them. */
export function shown(program: string, args: readonly string[]): string {
  const quoted = args.map((arg) => (/^[\w./:@=+,?&%-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`));
  return `${program} ${quoted.join(' ')}`;
}

/** What gh wrote. Throws CommandFailure, unless what it complains of is `accepted`: then null. */
export async function callGh(args: readonly string[], accepted?: RegExp): Promise<string | null> {
  try {
    return (await promisify(execFile)('gh', [...args], { maxBuffer: 64 * 1024 * 1024 })).stdout;
  } catch (thrown) {
    const error = thrown as { code?: unknown; stderr?: string; message: string };
    if (accepted?.test(error.stderr ?? '')) return null;
    const isMissing = error.code === 'ENOENT';
    throw new CommandFailure(
      isMissing
        ? 'gh is not installed.'
        : `${shown('gh', args)} failed: ${plainLine((error.stderr || error.message).trim(), 500)}`,
      3,
      isMissing
        ? 'See https://cli.github.com, then: gh auth login --scopes workflow'
        : 'Fix what gh complains about, and run the same command again: nothing is done twice.',
    );
  }
}

/** git asks gh who we are, and nobody else. */
export const withGhLogin = ['-c', 'credential.helper=', '-c', 'credential.helper=!gh auth git-credential'];

export function urlOf(repository: string): string {
  return `https://github.com/${repository}.git`;
}

/** A name of a group may be anything; of a repository it may not. */
function slugOf(team: string): string {
  return team
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z\d_-]+/g, '-');
}

async function courseOf(root: string): Promise<string | undefined> {
  const { stdout } = await askGit(root, ['remote', 'get-url', 'origin']);
  const found = gitHubRepository(stdout.trim()) ?? (await repositoryInPackage(root));
  return found ? `${found.owner}/${found.name}` : undefined;
}

function isRepository(text: string): boolean {
  return /^[\w-]+\/[\w.-]+$/.test(text);
}
