/** Programs of drawn kinds, with drawn numbers of maps, pinned; what the kernel says of each, and what the learner's script says. */
import { compile, type Kit, runApart, type RunResult } from '#kit';

export interface Asked {
  /** What bpftool, run by the grader as root, says of the program. */
  kernel: { id: number; type: string; tag: string; map_ids?: number[] };
  run: RunResult;
  /** The script's lines: first word -> the others. */
  said: Map<string, string[]>;
  lines: string[];
}

/** Which programs there are, by how many maps they use. */
type Role = 'none' | 'one' | 'several';
export type Answers = Record<Role, Asked>;

/** The user that a learner's program runs as (grader/kit/guest/apart.ts): a pin may be opened by its owner. */
const learner = 61000;

export async function askAll(kit: Kit): Promise<Answers> {
  const { machine, random } = kit;
  const folder = `${kit.folder}/pins`;
  const mount = await machine.run(['sh', '-c', 'mkdir -p "$1" && mount -t bpf bpf "$1"', 'sh', folder]);
  if (mount.code !== 0) throw new Error(`The programs have no place to be pinned at: ${mount.stderr.slice(0, 500)}`);
  try {
    const names = await load(kit, folder);
    const script = await kit.submitted('about.py');
    // Once for all, because bpftool is slow where instructions are emulated.
    const { stdout } = await machine.run(['bpftool', '-j', 'prog', 'show'], { timeoutMs: 120_000 });
    const programs = JSON.parse(stdout) as (Asked['kernel'] & { name?: string })[];
    const asked: [string, Asked][] = [];
    // In a random order, and nothing in a path says which is which.
    for (const [role, name] of random.shuffle(Object.entries(names))) {
      const kernel = programs.find((program) => program.name === name);
      if (!kernel) throw new Error(`bpftool shows no program ${name}: ${stdout.slice(0, 500)}`);
      asked.push([role, { kernel, ...(await ask(kit, script, `${folder}/${name}`)) }]);
    }
    return Object.fromEntries(asked) as Answers;
  } finally {
    await machine.run(['umount', folder]);
  }
}

async function ask({ machine }: Kit, script: string, path: string): Promise<Omit<Asked, 'kernel'>> {
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/tmp', LC_ALL: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' };
  const run = await runApart(
    machine,
    ['python3', script, path],
    { capabilities: ['bpf'] },
    { env, timeoutMs: 120_000 },
  );
  const lines = run.stdout.split('\n').filter((line) => line.trim() !== '');
  const words = lines.map((line) => line.trim().split(/\s+/));
  return {
    run,
    said: new Map(words.map(([first, ...others]) => [first!, others])),
    lines,
  };
}

/** Sections, and what a program of this kind may return. */
const kinds = [
  { section: 'xdp', context: 'struct xdp_md', returns: 2 },
  { section: 'tc', context: 'struct __sk_buff', returns: 0 },
  { section: 'socket', context: 'struct __sk_buff', returns: 0 },
  { section: 'cgroup_skb/egress', context: 'struct __sk_buff', returns: 1 },
  { section: 'kprobe', context: 'struct pt_regs', returns: 0 },
  { section: 'perf_event', context: 'void', returns: 0 },
];

/** The names of the pins. */
async function load(kit: Kit, folder: string): Promise<Record<Role, string>> {
  const { machine, random, toolkit, build } = kit;
  const [none, one, several] = random.shuffle(kinds);
  const names = { none: random.name(), one: random.name(), several: random.name() };
  const maps = random.shuffle(Array.from({ length: 6 }, (_, index) => `${random.name(6)}_${index}`));
  const number = () => random.int(1, 2 ** 31 - 1);
  const source = [
    '#include "vmlinux.h"',
    '#include <bpf/bpf_helpers.h>',
    'char LICENSE[] SEC("license") = "GPL";',
    ...random.shuffle(maps).map(mapSource),
    programSource(names.none, none!, [], number()),
    programSource(names.one, one!, maps.slice(0, 1), number()),
    // Among its maps is the one of the other program.
    programSource(names.several, several!, random.shuffle(maps.slice(0, random.int(2, 5))), number()),
  ].join('\n');
  await machine.put(`${kit.folder}/asked.bpf.c`, source);
  const object = `${build}/asked.o`;
  const made = await compile(machine, toolkit, kit.folder, 'asked.bpf.c', object);
  if (made.code !== 0) throw new Error(`The programs do not compile: ${made.stderr.slice(0, 1000)}`);
  const script = 'bpftool prog loadall "$1" "$2/all" && mv "$2"/all/* "$2" && chown -R "$3:$3" "$2"';
  const loaded = await machine.run(['sh', '-c', script, 'sh', object, folder, String(learner)], { timeoutMs: 120_000 });
  if (loaded.code !== 0) throw new Error(`The programs are not loaded: ${loaded.stderr.slice(0, 1000)}`);
  return names;
}

function mapSource(name: string): string {
  return `struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} ${name} SEC(".maps");`;
}

/** Its number makes the tag; each map is looked into once. */
function programSource(name: string, kind: (typeof kinds)[number], maps: string[], number: number): string {
  return `SEC("${kind.section}")
int ${name}(${kind.context} *ctx)
{
	volatile __u32 key = ${number};
	key = 0;
${maps.map((map) => `	bpf_map_lookup_elem(&${map}, (void *)&key);`).join('\n')}
	return ${kind.returns};
}`;
}
