/** The branch that the course is on, as far as this clone knows: pull requests go there, and are built on it. */
import { askGit } from './git.ts';

export interface CourseBranch {
  /** 'main', 'trunk' or whatever the course calls it. */
  name: string;
  /** As it was last fetched; null if there is nothing of it here. */
  commit: string | null;
}

const usualNames = ['main', 'master', 'trunk'];

/** Of the remote `upstream`, or of `origin`; without either, of this clone itself. */
export async function courseBranch(root: string): Promise<CourseBranch> {
  const refs = await refsOf(root);
  const heads = ['upstream', 'origin'].flatMap((remote) => nameOf(refs, remote, 'HEAD') ?? []);
  for (const remote of ['upstream', 'origin']) {
    const there = [...refs.keys()]
      .filter((ref) => ref.startsWith(`refs/remotes/${remote}/`) && !/\/(?:HEAD|submit\/.*)$/.test(ref))
      .map((ref) => ref.slice(`refs/remotes/${remote}/`.length));
    const own = nameOf(refs, remote, 'HEAD');
    // A remote that was added by hand has no HEAD; a fork's default branch is called as the course's.
    const name =
      [...(own === undefined ? [] : [own]), ...heads, ...usualNames].find((one) => there.includes(one)) ??
      (there.length === 1 ? there[0] : undefined);
    if (name !== undefined) return { name, commit: refs.get(`refs/remotes/${remote}/${name}`)!.commit };
  }
  const local = usualNames.find((name) => refs.has(`refs/heads/${name}`)) ?? 'main';
  const { outcome, stdout } = await askGit(root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  return { name: local, commit: outcome === 'done' ? stdout.trim() : null };
}

type Refs = ReadonlyMap<string, { commit: string; symbolic: string }>;

async function refsOf(root: string): Promise<Refs> {
  const format = '--format=%(refname)%00%(objectname)%00%(symref)';
  const { stdout } = await askGit(root, ['for-each-ref', format, 'refs/remotes/', 'refs/heads/']);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const [ref, commit, symbolic] = line.split('\0') as [string, string, string];
      return [ref, { commit, symbolic }];
    }),
  );
}

/** What a remote's symbolic reference points to, without the remote. */
function nameOf(refs: Refs, remote: string, symbolic: string): string | undefined {
  const begins = `refs/remotes/${remote}/`;
  const target = refs.get(`${begins}${symbolic}`)?.symbolic;
  return target?.startsWith(begins) ? target.slice(begins.length) : undefined;
}
