/** Where the course's sources are, for the links that lead to them: said by whoever builds, for every fork has its own. */
import { spawnSync } from 'node:child_process';

/** REPOSITORY_URL, such as 'https://github.com/somebody/course'. Null without it: then no page has such a link. Throws if it is no URL. */
export function editUrlOf(env: Readonly<Record<string, string | undefined>>): string | null {
  const address = env['REPOSITORY_URL'];
  if (!address) return null;
  if (!/^https?:$/.test(URL.parse(address)?.protocol ?? '')) throw new Error(`REPOSITORY_URL is ${address}; it must be an address such as https://github.com/somebody/course`);
  return `${address.replace(/\/+$/, '')}/edit/main/`;
}

/** In a clone without its history git takes every file to be of the last commit, so nobody may say when one was changed. */
export function hasHistory(root: string): boolean {
  const { stdout, status } = spawnSync('git', ['rev-parse', '--is-shallow-repository'], { cwd: root, encoding: 'utf8' });
  return status === 0 && stdout.trim() === 'false';
}
