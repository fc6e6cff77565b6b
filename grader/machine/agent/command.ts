import { LineTimeout, type Running, type RunOptions, type RunResult, type TerminalSize } from '../machine.ts';
import { decodeFields, encodeFields, type Frame, frameType } from './frames.ts';

export const defaultTimeoutMs = 30_000;
const defaultEnv = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/tmp', LC_ALL: 'C.UTF-8' };

/** How a command's streams are handled beyond what RunOptions say; see conversation.ts. */
export interface StreamOptions {
  /** Output beyond maxOutputBytes waits for `credit` frames, and `taken` frames tell of input that was read. */
  paced?: boolean;
  terminal?: TerminalSize | undefined;
}

/** The payload of a `run` frame. */
export function encodeRun(argv: readonly string[], options: RunOptions & StreamOptions): Buffer {
  const fields: [string, string | number][] = argv.map((arg) => ['arg', arg]);
  for (const [name, value] of Object.entries(options.env ?? defaultEnv)) fields.push(['env', `${name}=${value}`]);
  fields.push(['timeout_ms', options.timeoutMs ?? defaultTimeoutMs]);
  const given: [string, string | number | undefined][] = [
    ['cwd', options.cwd],
    ['output', options.maxOutputBytes],
    ['uid', options.uid],
    ['memory', options.memoryBytes],
    ['pids', options.maxProcesses],
    ['cpu_s', options.cpuSeconds],
    ['file_size', options.maxFileBytes],
    ['paced', options.paced ? 1 : undefined],
    ['terminal', options.terminal && `${options.terminal.rows}x${options.terminal.columns}`],
  ];
  for (const [key, value] of given) if (value !== undefined) fields.push([key, value]);
  return encodeFields(fields);
}

/** One command that runs on a machine: gathers its output, hands out lines, settles when it ends. */
export class Command implements Running {
  readonly done: Promise<RunResult>;
  readonly #send: (type: number, payload: Uint8Array) => void;
  readonly #resolve: (result: RunResult) => void;
  readonly #reject: (error: Error) => void;
  #stdout: Buffer[] = [];
  #stderr: Buffer[] = [];
  #over = false;
  #lost: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(send: (type: number, payload: Uint8Array) => void) {
    this.#send = send;
    const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
    this.done = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    promise.catch(() => {}); // whoever only reads lines hears of the loss there
  }

  write(data: string | Uint8Array): void {
    const bytes = Buffer.from(data);
    if (bytes.length > 0 && !this.#over) this.#send(frameType.input, bytes);
  }

  end(): void {
    if (!this.#over) this.#send(frameType.input, Buffer.alloc(0));
  }

  signal(number: number): void {
    const payload = Buffer.alloc(4);
    payload.writeUInt32LE(number);
    if (!this.#over) this.#send(frameType.signal, payload);
  }

  async line(timeoutMs = defaultTimeoutMs): Promise<string | null> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const line = this.#takeLine();
      if (line !== undefined) return line;
      if (this.#lost) throw this.#lost;
      if (this.#over) return null;
      await this.#wait(deadline - Date.now(), timeoutMs);
    }
  }

  receive(frame: Frame): void {
    if (frame.type === frameType.stdout) this.#stdout.push(frame.payload);
    else if (frame.type === frameType.stderr) this.#stderr.push(frame.payload);
    else if (frame.type === frameType.exit) this.#finish(decodeFields(frame.payload));
    else if (frame.type === frameType.failed) this.fail(new Error(`the agent could not start a command: ${decodeFields(frame.payload).get('message') ?? 'no reason'}`));
    this.#wake?.();
  }

  fail(error: Error): void {
    this.#over = true;
    this.#lost = error;
    this.#reject(error);
    this.#wake?.();
  }

  #finish(fields: Map<string, string>): void {
    const number = (key: string) => Number(fields.get(key) ?? 0) || 0;
    this.#over = true;
    this.#resolve({
      code: number('code'),
      signal: number('signal'),
      stdout: Buffer.concat(this.#stdout).toString('utf8'),
      stderr: Buffer.concat(this.#stderr).toString('utf8'),
      timedOut: number('timed_out') === 1,
      truncated: number('truncated') === 1,
      outOfMemory: number('oom') === 1,
      wallMs: number('wall_ms'),
      cpuMs: number('cpu_ms'),
    });
  }

  #takeLine(): string | undefined {
    const index = this.#stdout.findIndex((chunk) => chunk.includes(10));
    if (index < 0 && !(this.#over && !this.#lost && this.#stdout.some((chunk) => chunk.length > 0))) return undefined;
    const all = Buffer.concat(this.#stdout);
    const newline = all.indexOf(10);
    const cut = newline < 0 ? all.length : newline;
    this.#stdout = [all.subarray(cut + 1)];
    return all.toString('utf8', 0, cut);
  }

  #wait(leftMs: number, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(() => reject(new LineTimeout(`no line within ${timeoutMs} ms`))), Math.max(0, leftMs));
      const settle = (then: () => void) => {
        clearTimeout(timer);
        this.#wake = undefined;
        then();
      };
      this.#wake = () => settle(resolve);
    });
  }
}
