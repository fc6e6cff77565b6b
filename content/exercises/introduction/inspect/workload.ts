/** Programs of drawn kinds, with drawn numbers of maps, pinned; what the kernel says of each, and what the learner's script says. */
import { dirname } from 'node:path/posix';
import { compile, type Kit, type RunResult } from '#kit';

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

export async function askAll(kit: Kit): Promise<Answers> {
  const { machine, random } = kit;
  const folder = `${kit.folder}/pins`;
  const mount = await machine.run(['sh', '-c', 'mkdir -p "$1" && mount -t bpf bpf "$1"', 'sh', folder]);
  if (mount.code !== 0) throw new Error(`The programs have no place to be pinned at: ${mount.stderr.slice(0, 500)}`);
  try {
    const names = await load(kit, folder);
    const submission = dirname(await kit.submitted('about.py'));
    // Once for all, because bpftool is slow where instructions are emulated.
    const { stdout } = await machine.run(['bpftool', '-j', 'prog', 'show'], { timeoutMs: 120_000 });
    const programs = JSON.parse(stdout) as (Asked['kernel'] & { name?: string })[];
    const asked: [string, Asked][] = [];
    // In a random order, and nothing in a path says which is which.
    for (const [role, name] of random.shuffle(Object.entries(names))) {
      const kernel = programs.find((program) => program.name === name);
      if (!kernel) throw new Error(`bpftool shows no program ${name}: ${stdout.slice(0, 500)}`);
      asked.push([role, { kernel, ...(await ask(kit, submission, folder, name)) }]);
    }
    return Object.fromEntries(asked) as Answers;
  } finally {
    await machine.run(['umount', folder]);
  }
}

/** As user 0 without any capability but CAP_BPF: it may open the pins, and not list all programs. */
async function ask(
  { machine, toolkit }: Kit,
  submission: string,
  pins: string,
  name: string,
): Promise<Omit<Asked, 'kernel'>> {
  const script = ['python3', 'about.py', `${pins}/${name}`];
  const argv = [toolkit.apart, 'bpf', submission, 'own-pids', `show=${pins}`, '--', ...script];
  const run = await machine.run(argv, {
    memoryBytes: 256 * 2 ** 20,
    maxProcesses: 64,
    maxFileBytes: 2 ** 20,
    maxOutputBytes: 2 ** 20,
    endAtMost: true,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/tmp', LC_ALL: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' },
    timeoutMs: 120_000,
  });
  // One line is from what keeps the script apart: {"pid":7}.
  const lines = run.stdout
    .replace(/^\{"pid":\d+\}\n/m, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const words = lines.map((line) => line.trim().split(/\s+/));
  return {
    run,
    said: new Map(words.map(([first, ...others]) => [first!, others])),
    lines,
  };
}

/** Sections, and what a program of this kind may return. */
const kinds = [
  { section: 'xdp', returns: 2 },
  { section: 'tc', returns: 0 },
  { section: 'socket', returns: 0 },
  { section: 'cgroup_skb/egress', returns: 1 },
  { section: 'kprobe', returns: 0 },
  { section: 'perf_event', returns: 0 },
];

/** The names of the pins. */
async function load(kit: Kit, folder: string): Promise<Record<Role, string>> {
  const { machine, random, toolkit, build } = kit;
  const [none, one, several] = random.shuffle(kinds);
  const names = { none: random.name(), one: random.name(), several: random.name() };
  const maps = random.shuffle(Array.from({ length: 6 }, (_, index) => `${random.name(6)}_${index}`));
  const number = () => random.int(1, 2 ** 31 - 1);
  const source = [
    // Two lines instead of the headers, which would take as long to compile as all else takes.
    '#define SEC(name) __attribute__((section(name), used))',
    'static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;',
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
  const script = 'bpftool prog loadall "$1" "$2/all" && mv "$2"/all/* "$2"';
  const loaded = await machine.run(['sh', '-c', script, 'sh', object, folder], { timeoutMs: 120_000 });
  if (loaded.code !== 0) throw new Error(`The programs are not loaded: ${loaded.stderr.slice(0, 1000)}`);
  return names;
}

function mapSource(name: string): string {
  return `struct {
	int (*type)[2]; /* BPF_MAP_TYPE_ARRAY */
	int (*max_entries)[1];
	unsigned int *key;
	unsigned long long *value;
} ${name} SEC(".maps");`;
}

/** Its number makes the tag; each map is looked into once. */
function programSource(name: string, kind: (typeof kinds)[number], maps: string[], number: number): string {
  return `SEC("${kind.section}")
int ${name}(void *ctx)
{
	volatile unsigned int key = ${number};
	key = 0;
${maps.map((map) => `	bpf_map_lookup_elem(&${map}, (void *)&key);`).join('\n')}
	return ${kind.returns};
}`;
}
