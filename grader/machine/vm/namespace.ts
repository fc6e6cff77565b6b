/** Whoever is not root builds the image in a user namespace with a range of ids, as mmdebstrap does. Not every system lets them. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { cacheFolder } from '../cache.ts';

/**
 * The commands that fix it, a line each, if this user may not have a user namespace, or has no ids for one. Else undefined. `denied`: it
 * has shown already, and not as here; AppArmor, say, lets everybody have a namespace in which they may do nothing.
 */
export function namespaceRemedy(
  denied: boolean,
  { username, uid, homedir } = userInfo(),
  etc = '/etc',
  env = process.env,
): string | undefined {
  if (uid === 0) return undefined;
  const ranges = [readRanges(`${etc}/subuid`), readRanges(`${etc}/subgid`)];
  if (!ranges.every((file) => file.some(({ owner }) => owner === username || owner === `${uid}`))) {
    const first = Math.max(100_000, ...ranges.flat().map(({ end }) => end));
    const range = `${first}-${first + 65_535}`;
    return `sudo usermod --add-subuids ${range} --add-subgids ${range} ${username}`;
  }
  if (!denied && spawnSync('unshare', ['--user', 'true'], { stdio: 'ignore', env }).status === 0) return undefined;
  // Once as root, where this user will look for it. sudo keeps none of these.
  const place = ['HOOKPOINT_CACHE', 'XDG_CACHE_HOME'].find((name) => env[name]) ?? 'HOME';
  const folder = cacheFolder(env);
  const shown = folder.startsWith(`${homedir}/`) ? `~${folder.slice(homedir.length)}` : `'${folder}'`;
  return `sudo env PATH="$PATH" ${place}="$${place}" ./grade setup\nsudo chown -R ${uid} ${shown}`;
}

/** Lines 'owner:first:count' (subuid(5)), with the first id after each range. None if there is no such file. */
function readRanges(path: string): { owner: string; end: number }[] {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  return lines
    .filter((line) => /^[^:]+:\d+:\d+$/.test(line))
    .map((line) => {
      const [owner, first, count] = line.split(':');
      return { owner: owner!, end: Number(first) + Number(count) };
    });
}
