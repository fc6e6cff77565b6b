/** A command in a terminal of its own, made by script(1), which Debian and Ubuntu always have. */
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { until } from './until.ts';

export class PseudoTerminal {
  readonly child;
  /** Everything that was written to the terminal. */
  output = '';
  /** The exit code. */
  readonly ended: Promise<number | null>;
  #seen = 0;

  /** `command` is for a shell. Before and after it, the terminal's settings are printed. */
  constructor(
    command: string,
    {
      cwd,
      env = {},
      rows = 30,
      columns = 100,
    }: { cwd: string; env?: Record<string, string>; rows?: number; columns?: number },
  ) {
    const script = `tty; stty rows ${rows} cols ${columns}; echo "before $(stty -g)"; ${command}; code=$?; echo; echo "after $(stty -g)"; exit $code`;
    this.child = spawn('script', ['-qec', script, '/dev/null'], {
      cwd,
      env: { ...process.env, USER: 'ada', SUDO_USER: 'ada', CI: '', LANG: 'C.UTF-8', TERM: 'xterm-256color', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void this.child.kill()); // a test that fails leaves nothing behind, either
    this.child.stdout.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = new Promise((resolve) => this.child.once('close', (code) => resolve(code)));
  }

  press(keys: string): void {
    this.child.stdin.write(keys);
  }

  /** As when somebody drags the window's corner. */
  async resize(rows: number, columns: number): Promise<void> {
    const tty = /^(\/dev\/\S+)\r?$/m.exec(this.output)![1]!;
    await promisify(execFile)('stty', ['-F', tty, 'rows', `${rows}`, 'cols', `${columns}`]);
  }

  /** Waits for what is written after all that was waited for before; returns what it found. */
  async shows(pattern: RegExp, ms = 60_000): Promise<RegExpExecArray> {
    const find = () => pattern.exec(this.output.slice(this.#seen));
    await until(async () => find() !== null, ms, `${pattern}`).catch((error: Error) => {
      throw new Error(`${error.message}; the terminal has ${JSON.stringify(this.output.slice(this.#seen))}`);
    });
    const found = find()!;
    this.#seen += found.index + found[0].length;
    return found;
  }

  /** Its settings are what they were, the cursor is on, and the screen is the first one. */
  isRestored(): boolean {
    const [before, after] = ['before', 'after'].map(
      (word) => new RegExp(`^${word} (\\S+)\r?$`, 'm').exec(this.output)?.[1],
    );
    const last = (code: string) => this.output.lastIndexOf(`\u001b[?${code}`);
    return before !== undefined && before === after && last('1049l') >= last('1049h') && last('25h') >= last('25l');
  }
}
