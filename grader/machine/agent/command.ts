import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GivenTime } from '../given-time.ts';
import { LineTimeout, type Running, type RunOptions, type RunResult, type TerminalSize } from '../machine.ts';
import { Lines } from './lines.ts';
import { decodeFields, encodeFields, type Frame, frameType } from './frames.ts';

export const defaultTimeoutMs = 30_000;
/** So many lines are handed out before everything else has its turn. */
const linesAtOnce = 256;
const defaultEnv = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/tmp',
  LC_ALL: 'C.UTF-8',
};

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
  const given: [string, string | number | undefined][] = [
    ['cwd', options.cwd],
    ['output', options.maxOutputBytes],
    ['uid', options.uid],
    ['memory', options.memoryBytes],
    ['pids', options.maxProcesses],
    ['file_size', options.maxFileBytes],
    ['strict', options.endAtMost ? 1 : undefined],
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
  readonly #time: GivenTime;
  readonly #resolve: (result: RunResult) => void;
  readonly #reject: (error: Error) => void;
  readonly #stdout = new Lines();
  #stderr: Buffer[] = [];
  #over = false;
  #lost: Error | undefined;
  #wake: (() => void) | undefined;
  #asked = 0;

  /** `timeoutMs` of the machine's time, after which the agent is told to kill it; by default it has no deadline. */
  constructor(send: (type: number, payload: Uint8Array) => void, time: GivenTime, timeoutMs?: number) {
    this.#send = send;
    this.#time = time;
    const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
    this.done = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    promise.catch(() => {}); // whoever only reads lines hears of the loss there
    if (timeoutMs === undefined) return;
    const forget = time.deadline(timeoutMs, () => {
      if (!this.#over) send(frameType.expire, Buffer.alloc(0));
    });
    promise.then(forget, forget);
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
    // Lines that are there already are no reason to keep Ctrl-C and all deadlines waiting.
    if (++this.#asked % linesAtOnce === 0) await nextTurn();
    const there = this.#next();
    if (there !== undefined) return there;
    let late = false;
    const forget = this.#time.deadline(timeoutMs, () => {
      late = true;
      this.#wake?.();
    });
    try {
      for (;;) {
        const line = this.#next();
        if (line !== undefined) return line;
        if (late) throw new LineTimeout(`no line within ${timeoutMs} ms`);
        await new Promise<void>((resolve) => (this.#wake = resolve));
        this.#wake = undefined;
      }
    } finally {
      forget();
    }
  }

  /** A line, null at the end, undefined if it is still to come; throws what became of the machine. */
  #next(): string | null | undefined {
    const line = this.#stdout.take();
    if (line !== undefined || !this.#over) return line;
    if (this.#lost) throw this.#lost;
    return this.#stdout.rest() ?? null;
  }

  receive(frame: Frame): void {
    if (frame.type === frameType.stdout) this.#stdout.push(frame.payload);
    else if (frame.type === frameType.stderr) this.#stderr.push(frame.payload);
    else if (frame.type === frameType.exit) this.#finish(decodeFields(frame.payload));
    else if (frame.type === frameType.failed)
      this.fail(
        new Error(`the agent could not start a command: ${decodeFields(frame.payload).get('message') ?? 'no reason'}`),
      );
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
      stdout: this.#stdout.text(),
      stderr: Buffer.concat(this.#stderr).toString('utf8'),
      timedOut: number('timed_out') === 1,
      truncated: number('truncated') === 1,
      outOfMemory: number('oom') === 1,
      outOfProcesses: number('crowded') === 1,
      wallMs: number('wall_ms'),
      cpuMs: number('cpu_ms'),
    });
  }
}
