/** The other end of environment/guest/access.c: files used from processes in cgroups that are made for it. */
import { z } from 'zod';
import { type Machine, type Running } from '../../machine/machine.ts';
import { parseLine } from '../guest/hostile.ts';

type Opening = 'read' | 'write' | 'both' | 'append' | 'truncate' | 'create';
/** How a file is used: opened, by the process's only thread or by a second one, or started. */
export type Verb = Opening | `thread-${Opening}` | 'exec';

export interface Attempt {
  /** By its place in the list that the scene was built with. */
  cgroup: number;
  uid: number;
  /** Working folder of the process; `path` may be relative to it. */
  folder: string;
  verb: Verb;
  path: string;
}

/** 0 if the kernel allowed it. */
export type Tried<A extends Attempt = Attempt> = A & { errno: number };

export interface SceneOptions {
  /** Shell commands, run as root in a new folder of the scene's own mounts; they may print nothing. */
  build: string;
  /** Files whose numbers are wanted, relative to the folder. */
  files: readonly string[];
  cgroups: readonly string[];
}

export interface FileNumbers {
  inode: bigint;
  /** As the kernel keeps it (s_dev): major << 20 | minor. */
  device: bigint;
}

const outcome = z.object({ ready: z.boolean(), errno: z.int().min(0).max(4095) });
const number = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform(BigInt);
const device = z
  .string()
  .regex(/^[0-9a-f]{1,8}$/)
  .transform((hex) => kernelDevice(BigInt(`0x${hex}`)));
const places = z.object({
  files: z.array(z.tuple([number, device])),
  cgroups: z.array(number),
  top: z.string().max(500),
});

/** Mounts that nobody else sees and cgroups that are gone afterwards; the tool waits there for its plan. */
const script = `
set -e
tool=$1 folder=$2 build=$3 files=$4 cgroups=$5
mkdir -p "$folder"; cd "$folder"
eval "$build" >/dev/null
top=/sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup)
for name in $cgroups; do mkdir "$top/$name"; done
trap 'for name in $cgroups; do rmdir "$top/$name"; done' EXIT
printf '{"files":[%s],"cgroups":[%s],"top":"%s"}\\n' \\
  "$(stat --printf '["%i","%D"],' $files | sed 's/,$//')" \\
  "$(cd "$top"; stat --printf '"%i",' $cgroups | sed 's/,$//')" "$top"
"$tool"`;

/** Files, mounts and cgroups for one round of attempts. */
export class Scene {
  readonly files: FileNumbers[];
  /** As bpf_get_current_cgroup_id says it. */
  readonly cgroups: bigint[];
  readonly #process: Running;
  readonly #folders: string[];

  private constructor(process: Running, files: FileNumbers[], cgroups: bigint[], folders: string[]) {
    this.#process = process;
    this.files = files;
    this.cgroups = cgroups;
    this.#folders = folders;
  }

  static async build(
    machine: Machine,
    tool: string,
    folder: string,
    { build, files, cgroups }: SceneOptions,
  ): Promise<Scene> {
    const argv = [
      'unshare',
      '--mount',
      'sh',
      '-c',
      script,
      'sh',
      tool,
      folder,
      build,
      files.join(' '),
      cgroups.join(' '),
    ];
    const process = machine.start(argv, { timeoutMs: 120_000 });
    const line = await process.line(60_000);
    if (line === null)
      throw new Error(`The files for this exercise cannot be made: ${(await process.done).stderr.slice(0, 1000)}`);
    const told = parseLine(line, places, 'The scene');
    if (told.files.length !== files.length || told.cgroups.length !== cgroups.length)
      throw new Error(`The scene told of other things than it was asked for: ${line.slice(0, 500)}`);
    return new Scene(
      process,
      told.files.map(([inode, dev]) => ({ inode, device: dev })),
      told.cgroups,
      cgroups.map((name) => `${told.top}/${name}`),
    );
  }

  /** Tries all of them in order, each ended before the next begins. */
  async perform<A extends Attempt>(attempts: readonly A[]): Promise<Tried<A>[]> {
    this.#process.write(
      attempts
        .map(({ cgroup, uid, folder, verb, path }) => `${this.#folders[cgroup]} ${uid} ${folder} ${verb} ${path}\n`)
        .join(''),
    );
    const tried: Tried<A>[] = [];
    for (const attempt of attempts) {
      const line = await this.#process.line(60_000);
      if (line === null) {
        const { code, stderr } = await this.#process.done;
        throw new Error(
          `${tried.length} of ${attempts.length} attempts were made; code ${code}. ${stderr.slice(0, 500)}`,
        );
      }
      const { ready, errno } = parseLine(line, outcome, 'The access tool');
      if (!ready) throw new Error(`A process could not get ready to ${attempt.verb} a file: errno ${errno}.`);
      tried.push({ ...attempt, errno });
    }
    return tried;
  }

  /** Takes it down: mounts and cgroups are gone afterwards. */
  async end(): Promise<void> {
    this.#process.end();
    await this.#process.done;
  }
}

/** What stat calls st_dev (12 bits of major in the middle of 20 bits of minor), in the kernel's own layout. */
export function kernelDevice(stDev: bigint): bigint {
  const major = (stDev >> 8n) & 0xfffn;
  const minor = (stDev & 0xffn) | ((stDev >> 12n) & 0xfff00n);
  return (major << 20n) | minor;
}
