/** Calls git as it is installed here. */
import { execFile } from 'node:child_process';

export interface GitAnswer {
  /** 'missing': there is no git here. */
  outcome: 'done' | 'refused' | 'missing';
  stdout: string;
  stderr: string;
}

export interface GitOptions {
  /** Given to it on its standard input. */
  input?: string | Uint8Array;
  env?: NodeJS.ProcessEnv;
  /** 30 s, unless a network is in between. */
  ms?: number;
}

// Of a hook, or of somebody's alias: they would send us to another repository.
const inherited = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_OBJECT_DIRECTORY'];

/** Never rejects. It cannot ask anybody anything. */
export function askGit(
  folder: string,
  args: readonly string[],
  { input, env = {}, ms = 30_000 }: GitOptions = {},
): Promise<GitAnswer> {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !inherited.includes(name)));
  return new Promise((resolve) => {
    const options = {
      cwd: folder,
      timeout: ms,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...clean, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C', ...env },
    };
    const child = execFile('git', [...args], options, (error, stdout, stderr) => {
      const missing = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
      resolve({
        outcome: missing ? 'missing' : error ? 'refused' : 'done',
        stdout,
        stderr: stderr.trim() || (error?.message ?? ''),
      });
    });
    child.stdin?.on('error', () => {}); // it may end without having read everything
    child.stdin?.end(input);
  });
}
