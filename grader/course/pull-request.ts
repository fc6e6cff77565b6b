/** How to push a branch and open its pull request, from the remotes that there are. */
import { courseBranch } from './course-branch.ts';
import { askGit } from './git.ts';
import { gitHubRepository, repositoryInPackage, type Repository } from './login.ts';

export interface Remote {
  name: string;
  /** Null if it is not on GitHub. */
  repository: Repository | null;
}

export interface Remotes {
  /** The remote of the learner's own repository, to which they may push. */
  own: Remote | null;
  /** Where the pull request goes, and its branch. */
  course: Repository | null;
  base: string;
}

export async function findRemotes(root: string, login: string): Promise<Remotes> {
  const { stdout } = await askGit(root, ['config', '--get-regexp', '^remote\\..*\\.url$']);
  const remotes = stdout.split('\n').flatMap((line): Remote[] => {
    const [, name, url] = /^remote\.(.+)\.url (.+)$/.exec(line) ?? [];
    return name && url ? [{ name, repository: gitHubRepository(url) }] : [];
  });
  const { stdout: pushed } = await askGit(root, ['config', '--get', 'remote.pushDefault']);
  return {
    ...sortRemotes(login, remotes, await repositoryInPackage(root), pushed.trim()),
    base: (await courseBranch(root)).name,
  };
}

/** `pushDefault`: git's own setting of where this clone pushes to; '' if it has none. */
export function sortRemotes(
  login: string,
  remotes: readonly Remote[],
  inPackage: Repository | null,
  pushDefault = '',
): Omit<Remotes, 'base'> {
  // A private repository that belongs to the school: pull requests stay in it.
  const given =
    remotes.find(({ name }) => name === pushDefault) ??
    remotes.find(
      ({ name, repository }) =>
        name === 'origin' && repository?.name.toLowerCase().endsWith(`-${login.toLowerCase()}`) === true,
    );
  if (given?.repository && given.repository.owner.toLowerCase() !== login.toLowerCase())
    return { own: given, course: given.repository };
  const isOwn = ({ repository }: Remote) => repository?.owner.toLowerCase() === login.toLowerCase();
  const named = (name: string) => remotes.find((remote) => remote.name === name);
  const own = remotes.find((remote) => remote.name === 'origin' && isOwn(remote)) ?? remotes.find(isOwn) ?? null;
  const foreignOrigin = remotes.find((remote) => remote.name === 'origin' && !isOwn(remote));
  return { own, course: named('upstream')?.repository ?? inPackage ?? foreignOrigin?.repository ?? null };
}

/** For renderNext: one step, and what comes after. Lines that begin with a space are to be copied. */
export function pullRequestSteps(
  login: string,
  branch: string,
  { own, course, base }: Remotes,
  /** Whether what GitHub has of the branch is not what this one is built on. */
  replaces = false,
): string[] {
  const remote = own?.name ?? 'fork';
  const push = `  git push -u ${replaces ? '--force-with-lease ' : ''}${remote} ${branch}`;
  if (own?.repository) {
    const { owner, name } = own.repository;
    const same = course !== null && course.owner.toLowerCase() === owner.toLowerCase();
    const url =
      course === null
        ? `https://github.com/${owner}/${name}/pull/new/${branch}`
        : `https://github.com/${course.owner}/${course.name}/compare/${base}...${same ? '' : `${owner}:`}${branch}?expand=1`;
    return [
      'Push it:',
      push,
      'Then open the pull request:',
      `  ${url}`,
      'or:',
      `  ${gh(same ? null : login, branch, course)}`,
    ];
  }
  if (course === null)
    return [
      'Fork the course where you found it, and say here where the fork is:',
      `  git remote add ${remote} <URL of your fork>`,
      'Push it:',
      push,
      'Then open the pull request there.',
    ];
  return [
    `Fork the course: https://github.com/${course.owner}/${course.name}/fork`,
    `  git remote add ${remote} https://github.com/${login}/${course.name}.git`,
    'Push it:',
    push,
    'Then open the pull request:',
    `  https://github.com/${course.owner}/${course.name}/compare/${base}...${login}:${branch}?expand=1`,
    'or:',
    `  ${gh(login, branch, course)}`,
  ];
}

/** `login`: whose branch it is; null for one of the same repository. */
function gh(login: string | null, branch: string, course: Repository | null): string {
  return `gh pr create ${course ? `--repo ${course.owner}/${course.name} ` : ''}--head ${login === null ? '' : `${login}:`}${branch} --fill`;
}
