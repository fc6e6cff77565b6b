import type { Readable, Writable } from 'node:stream';
import type { GivenTime } from './given-time.ts';

/** A machine with a real Linux kernel, on which the grader runs things as root. It decides nothing. */
export interface Machine {
  readonly info: MachineInfo;
  /** What all deadlines on this machine count in. */
  readonly time: GivenTime;
  /** Of a copy of a saved state: the state's name, which changes with all that is in it. */
  readonly copyOf?: string | undefined;
  /** Of a copy of a saved state: how many commands were started on it, or taken up, since. */
  readonly commandsStarted?: number;
  /** Runs a command to its end. Rejects with MachineLost if the machine dies; any end of the command itself is a result. */
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Starts a command and leaves it running, to be talked to over its standard input and output. */
  start(argv: readonly string[], options?: RunOptions): Running;
  /** On a machine that is to be saved: starts the one command that goes on in every copy of it, to be taken up there. */
  startWaiting?(argv: readonly string[], options: RunOptions): Running;
  /** In a copy: that command, which has no deadline; undefined if there is none, or none any more. */
  takeWaiting?(): Running | undefined;
  /** Starts a command whose streams pass through as they come, however long it takes: for a person, or a pipe. */
  converse(argv: readonly string[], options?: ConversationOptions): Conversation;
  /** Writes a file, with its parent folders. `mode` is octal permissions, 0o644 by default. At most 16 MiB. */
  put(path: string, content: string | Uint8Array, mode?: number): Promise<void>;
  /** Reads a regular file of at most `maxBytes` (default 1 MiB), and no link. Rejects with MachineFileError. */
  get(path: string, maxBytes?: number): Promise<Uint8Array>;
  /** Ends the machine and all that runs on it; safe to call twice. */
  stop(): Promise<void>;
  /** Resolves when it is no more, for whatever reason. */
  readonly ended: Promise<unknown>;
}

export interface MachineInfo {
  kind: 'vm' | 'host';
  /** What runs the guest's instructions: kvm, hvf, tcg; 'none' on the host. */
  accelerator: string;
  /** `uname -r` of the kernel that judges. */
  kernel: string;
  /** `uname -m`. */
  arch: string;
  /** sha256 of the guest's root image, 'sha256:…'; null on the host, which has none. */
  image: string | null;
}

export interface RunOptions {
  /** Milliseconds of the machine's time until the command and all it started are killed; 30,000 by default. */
  timeoutMs?: number;
  /** Most bytes of stdout and stderr together that are handed back; 1 MiB by default. The rest is dropped. */
  maxOutputBytes?: number;
  /** Whether a command is killed that says more, or wants more processes; `truncated` and `outOfProcesses` tell. */
  endAtMost?: boolean;
  cwd?: string;
  /** The whole environment; PATH, HOME and LC_ALL=C.UTF-8 unless given. */
  env?: Record<string, string>;
  /** Run as this user id (and group id); 0 by default. */
  uid?: number;
  /** Bytes of memory for the command and all it starts. */
  memoryBytes?: number;
  /** Most processes and threads at once. */
  maxProcesses?: number;
  /** Most bytes that it may write to one file. */
  maxFileBytes?: number;
  /** Standard input; none by default. */
  input?: string | Uint8Array;
}

export interface RunResult {
  /** Exit code; -1 if a signal ended it. */
  code: number;
  /** Number of the signal that ended it, 0 if none. */
  signal: number;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  /** There was more output than maxOutputBytes. */
  truncated: boolean;
  /** It hit its memory limit and something was killed. */
  outOfMemory: boolean;
  /** It wanted more processes at once than maxProcesses. */
  outOfProcesses?: boolean;
  wallMs: number;
  cpuMs: number;
}

export interface Running {
  write(data: string | Uint8Array): void;
  /** Ends its standard input. */
  end(): void;
  signal(number: number): void;
  /** The next whole line of standard output without its newline; null at the end. Rejects with LineTimeout after `timeoutMs` of the machine's time. */
  line(timeoutMs?: number): Promise<string | null>;
  /** Its end, with the output that no `line` call has taken. */
  readonly done: Promise<RunResult>;
}

export interface ConversationOptions extends Pick<RunOptions, 'cwd' | 'env'> {
  /** Give it a terminal of this size, of its own; then all its output is `stdout`. */
  terminal?: TerminalSize | undefined;
}

/** Characters; each from 1 to 65,535. */
export interface TerminalSize {
  rows: number;
  columns: number;
}

/** Neither end buffers more than some 64 KiB in either direction: who is faster waits for the other. */
export interface Conversation {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  resize(size: TerminalSize): void;
  /** Exit code, -1 if a signal ended it. Rejects with MachineLost. All output has been handed to the streams before. */
  readonly done: Promise<Pick<RunResult, 'code' | 'signal'>>;
}

/** Why a machine is no more. Each is our fault or the machine's, unless a check says what the learner did. */
export type LostReason =
  | 'panic' // the kernel said so on its console
  | 'power-off' // the guest switched itself off or rebooted
  | 'silence' // it answers no more within the deadline
  | 'died' // the process that runs it ended
  | 'garbled' // what it says is not our protocol
  | 'starved'; // this computer had no time for it

const lost: Record<LostReason, string> = {
  panic: 'The kernel of the test machine panicked',
  'power-off': 'The test machine switched itself off',
  silence: 'The test machine stopped answering',
  died: 'The test machine ended',
  garbled: 'The test machine sent something that the grader does not understand',
  starved: 'This computer is too busy: the test machine got practically no processor time',
};

export class MachineLost extends Error {
  override name = 'MachineLost';
  readonly reason: LostReason;
  /** The last lines of the guest's console, for people; hostile text. */
  readonly console: string;
  /** Of a silent guest: what all its processors were running, where that is known. */
  readonly busyWith: string | undefined;
  constructor(reason: LostReason, message: string, console = '', busyWith?: string) {
    super(message);
    this.reason = reason;
    this.console = console;
    this.busyWith = busyWith;
  }

  /** What people read of it (verdict/trouble.ts). */
  get explained(): { text: string; help: string; log: string } {
    return {
      text: `${lost[this.reason]} during this check. That is not your fault, and costs no points.`,
      help: 'Grade it again. If it happens twice, please open an issue and attach the log.',
      log: `The end of its console:\n${this.console}\n`,
    };
  }
}

/** A machine could not be had here; `remedy` is what to do, often a command. */
export class MachineUnavailable extends Error {
  override name = 'MachineUnavailable';
  readonly remedy: string;
  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }

  get explained(): { text: string; help: string } {
    return { text: this.message, help: this.remedy };
  }
}

export class MachineFileError extends Error {
  override name = 'MachineFileError';
}

export class LineTimeout extends Error {
  override name = 'LineTimeout';
}
