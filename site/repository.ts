/** Where the course's sources are, for the links that lead to them: said by whoever builds, for every fork has its own. */
import { spawnSync } from 'node:child_process';

/**
 * REPOSITORY_URL, such as 'https://github.com/somebody/course', without a slash at its end. Null without it: then no page can say what to
 * clone. Throws if it is no URL.
 */
export function repositoryOf(env: Readonly<Record<string, string | undefined>>): string | null {
  const address = env['REPOSITORY_URL'];
  if (!address) return null;
  if (!/^https?:$/.test(URL.parse(address)?.protocol ?? ''))
    throw new Error(`REPOSITORY_URL is ${address}; it must be an address such as https://github.com/somebody/course`);
  return address.replace(/\/+$/, '');
}

/** What a file's path is put behind to edit it. */
export function editUrlOf(repository: string | null): string | null {
  return repository && `${repository}/edit/main/`;
}

/** What to type for a clone that grades: three lines. */
export function cloneCommands(repository: string): string {
  const folder = repository.slice(repository.lastIndexOf('/') + 1).replace(/\.git$/, '');
  return `git clone ${repository}\ncd ${folder}\nnpx grade`;
}

/** Where a click makes a codespace of it. GitHub alone has these: null for what is elsewhere. */
export function codespaceOf(repository: string | null): string | null {
  const [, name] = /^https:\/\/github\.com\/([^/]+\/[^/]+?)(?:\.git)?$/.exec(repository ?? '') ?? [];
  return name === undefined ? null : `https://codespaces.new/${name}?quickstart=1`;
}

/** In a clone without its history git takes every file to be of the last commit, so nobody may say when one was changed. */
export function hasHistory(root: string): boolean {
  const { stdout, status } = spawnSync('git', ['rev-parse', '--is-shallow-repository'], {
    cwd: root,
    encoding: 'utf8',
  });
  return status === 0 && stdout.trim() === 'false';
}

/** When each file of the course came in, by its path in the repository. Empty in a clone without its history. */
export function addedOn(root: string): ReadonlyMap<string, Date> {
  const added = new Map<string, Date>();
  if (!hasHistory(root)) return added;
  const { stdout } = spawnSync(
    'git',
    [
      'log',
      '--diff-filter=A',
      '--no-renames',
      '--format=@%ct',
      '--name-only',
      '--',
      'content/docs',
      'content/exercises/*/*/exercise.yaml',
    ],
    { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  let day = new Date(0);
  // The newest comes first, so the last one to be seen is the day on which a file came in.
  for (const line of stdout.split('\n'))
    if (line.startsWith('@')) day = new Date(Number(line.slice(1)) * 1000);
    else if (line !== '') added.set(line, day);
  return added;
}
