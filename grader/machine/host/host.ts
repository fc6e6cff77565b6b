/** This Linux itself as the machine, for dedicated runners: the same agent, as a child instead of in a guest. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { AgentClient } from '../agent/client.ts';
import { killOwned, spawnOwned } from '../child.ts';
import { GivenTime, threadsInCgroup } from '../given-time.ts';
import {
  type Conversation,
  type ConversationOptions,
  type Machine,
  type MachineInfo,
  MachineLost,
  MachineUnavailable,
  type Running,
  type RunOptions,
  type RunResult,
} from '../machine.ts';
import { environmentFolder } from '../vm/build.ts';

/** What grading does to the host; said before it is done. */
export const hostWarning = [
  'compiles and loads the submitted BPF programs into the kernel of THIS machine, as root',
  'runs the workload here: short-lived processes, files below /run/hookpoint-*',
  'makes a cgroup hookpoint-* and removes it again',
  "gives the kernel's trace its usual size, where nobody has traced yet",
];

export class Host implements Machine {
  readonly info: MachineInfo;
  /** A folder of this machine that is ours alone and gone after stop(). */
  readonly folder: string;
  readonly time: GivenTime;
  readonly #client: AgentClient;
  readonly #child;
  readonly ended: Promise<void>;

  private constructor(folder: string, cgroup: string, child: ReturnType<typeof spawnOwned>, info: MachineInfo) {
    this.folder = folder;
    this.info = info;
    this.#child = child;
    const lose = (error: MachineLost) => {
      this.#client.lose(error);
      killOwned(child);
    };
    this.time = new GivenTime(threadsInCgroup(cgroup), () =>
      lose(new MachineLost('starved', 'it got less than five seconds of processor time in ten minutes')),
    );
    this.#client = new AgentClient(
      Duplex.from({ readable: child.stdout!, writable: child.stdin! }),
      (message) => lose(new MachineLost('silence', `the agent on this machine is silent: ${message}`)),
      this.time,
    );
    this.ended = new Promise((resolve) =>
      child.once('close', (code, signal) => {
        this.#client.lose(
          new MachineLost('died', `the agent on this machine ended (${signal ?? `exit code ${code}`})`),
        );
        resolve();
      }),
    );
  }

  /** Rejects with MachineUnavailable if this machine or this user cannot do it. */
  static async start(): Promise<Host> {
    if (platform() !== 'linux' || arch() !== 'x64')
      throw new MachineUnavailable(
        `--machine host needs Linux on x86-64; this is ${platform()} on ${arch()}.`,
        'Leave --machine away: the VM is the default.',
      );
    if (process.getuid?.() !== 0)
      throw new MachineUnavailable(
        '--machine host loads BPF programs into this kernel and needs root.',
        'sudo npx grade --machine host …, or leave --machine away: the VM needs no root.',
      );
    const cgroups = /^\S+ (\S+) cgroup2 /m.exec(await readFile('/proc/mounts', 'utf8'))?.[1];
    if (!cgroups)
      throw new MachineUnavailable(
        'No cgroup v2 hierarchy is mounted; the grader needs it to end what a submission starts.',
        'mount -t cgroup2 none /sys/fs/cgroup',
      );
    await removeStale();
    const folder = await mkdtemp(`/run/hookpoint-${process.pid}-`);
    try {
      await chmod(folder, 0o755); // the learner's compile runs as nobody
      await compileAgent(join(folder, 'agent'));
      const cgroup = join(cgroups, folder.slice('/run/'.length));
      const child = spawnOwned([join(folder, 'agent'), '-', cgroup], { stdio: ['pipe', 'pipe', 'inherit'] });
      const host = new Host(folder, cgroup, child, {
        kind: 'host',
        accelerator: 'none',
        kernel: '',
        arch: '',
        image: null,
      });
      const [kernel, machine] = (await host.run(['uname', '-rm'])).stdout.trim().split(' ');
      Object.assign(host.info, { kernel, arch: machine });
      return host;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  run(argv: readonly string[], options?: RunOptions): Promise<RunResult> {
    return this.#client.run(argv, options);
  }

  start(argv: readonly string[], options?: RunOptions): Running {
    return this.#client.start(argv, options);
  }

  converse(argv: readonly string[], options?: ConversationOptions): Conversation {
    return this.#client.converse(argv, options);
  }

  put(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
    return this.#client.put(path, content, mode);
  }

  get(path: string, maxBytes?: number): Promise<Uint8Array> {
    return this.#client.get(path, maxBytes);
  }

  async stop(): Promise<void> {
    this.#child.stdin?.end(); // the agent ends all that it has started, then itself
    killOwned(this.#child, 'SIGTERM');
    const timer = setTimeout(() => killOwned(this.#child), 10_000);
    await this.ended;
    clearTimeout(timer);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Removes the folders of graders that were killed before they could. */
async function removeStale(): Promise<void> {
  for (const name of await readdir('/run')) {
    const pid = /^hookpoint-(\d+)-/.exec(name)?.[1];
    if (pid && !existsSync(`/proc/${pid}`)) await rm(join('/run', name), { recursive: true, force: true });
  }
}

async function compileAgent(output: string): Promise<void> {
  try {
    await promisify(execFile)('gcc', ['-O2', '-o', output, join(environmentFolder, 'guest/agent.c')]);
  } catch (error) {
    throw new MachineUnavailable(
      `The agent could not be compiled on this machine: ${(error as Error).message}`,
      'npx grade doctor --machine host',
    );
  }
}
