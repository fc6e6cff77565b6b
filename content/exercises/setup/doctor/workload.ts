/** Lists of drawn questions about the running kernel, its own answers, and what the learner's script says. */
import { dirname } from 'node:path/posix';
import { Unsupported, type Kit, type RunResult } from '#kit';

export type Kind = 'kernel' | 'btf' | 'option' | 'lsm' | 'setting' | 'function';

export interface Question {
  kind: Kind;
  name: string;
  /** What the kernel says. */
  truth: string;
}

export interface Answers {
  questions: Question[];
  run: RunResult;
  /** All that the script printed, without empty lines. */
  lines: string[];
}

/** All but functions, which take long to find where instructions are emulated. */
export async function askAbout(kit: Kit): Promise<Answers> {
  const kernel = await lookInside(kit);
  const settings = await changeSettings(kit, kernel.settings);
  return ask(kit, [
    ...drawVersions(kit),
    ...drawTypes(kit, kernel),
    ...drawOptions(kit, kernel),
    ...drawModules(kit, kernel),
    ...settings.map(([name, truth]): Question => ({ kind: 'setting', name, truth })),
  ]);
}

export const askFunctions = async (kit: Kit): Promise<Answers> => ask(kit, await drawFunctions(kit));

/** The script runs without a capability: it can look, and change nothing. */
async function ask(kit: Kit, drawn: readonly Question[]): Promise<Answers> {
  const { machine, toolkit } = kit;
  const questions = kit.random.shuffle([...new Map(drawn.map((one) => [`${one.kind} ${one.name}`, one])).values()]);
  const list = `${kit.folder}/list`;
  await machine.put(list, questions.map(({ kind, name }) => `${kind} ${name}\n`).join(''));
  // Without /dev/fd a shell has no <(command).
  const shown = [list, '/sys/kernel/security', '/boot', '/dev/fd'];
  const folder = dirname(await kit.submitted('doctor.sh'));
  const options = ['own-pids', ...shown.map((path) => `show=${path}`)];
  const run = await machine.run([toolkit.apart, '', folder, ...options, '--', 'bash', 'doctor.sh', list], {
    memoryBytes: 256 * 2 ** 20,
    maxProcesses: 64,
    maxFileBytes: 16 * 2 ** 20,
    maxOutputBytes: 2 ** 20,
    endAtMost: true,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/tmp', LC_ALL: 'C.UTF-8' },
    timeoutMs: 120_000,
  });
  // One line is from what keeps the script apart: {"pid":7}.
  const lines = run.stdout.replace(/^\{"pid":\d+\}\n/m, '').split('\n');
  return { questions, run, lines: lines.map((line) => line.trim()).filter(Boolean) };
}

interface Inside {
  /** Names below /sys/kernel/btf and /sys/module. */
  types: string[];
  parts: string[];
  /** Lines of the kernel's configuration. */
  config: string[];
  /** The active security modules. */
  active: string[];
  settings: [name: string, value: string][];
}

/** In one command, because starting one takes long where instructions are emulated. */
async function lookInside(kit: Kit): Promise<Inside> {
  const here = kit.machine.info.kernel;
  const [types, parts, active, settings, config] = await read(kit, [
    'ls /sys/kernel/btf',
    'ls /sys/module',
    'tr , "\\n" </sys/kernel/security/lsm; echo',
    `sysctl ${Object.keys(choices).join(' ')}`,
    `cat /lib/modules/${here}/config 2>/dev/null || cat /boot/config-${here} || :`,
  ]);
  if (config!.length === 0) throw new Unsupported('This machine does not say with which options its kernel was built.');
  return { types: types!, parts: parts!, active: active!, config: config!, settings: settings!.map(pairOf) };
}

const yesOrNo = (yes: boolean): string => (yes ? 'yes' : 'no');

/** Around the kernel's own, and where an order of texts is another: 6.9 comes before 6.12, and 6.12 before 10.1. */
function drawVersions({ machine, random }: Kit): Question[] {
  const [major = 0, minor = 0] = machine.info.kernel.split('.', 2).map((number) => Number.parseInt(number, 10));
  const versions = [
    [major, minor],
    [major, minor + 1],
    [major, minor > 0 ? minor - 1 : 1],
    [major, minor > 9 ? random.int(2, 9) : random.int(10, 19)],
    [major - 1, random.int(minor + 1, minor + 9)],
    [major + 1, 0],
    [10, random.int(0, 9)],
  ] as const;
  return versions.map(([a, b]) => ({
    kind: 'kernel',
    name: `${a}.${b}`,
    truth: yesOrNo(major > a || (major === a && minor >= b)),
  }));
}

/** The kernel itself, modules, parts that were built in and have no file, and the beginning of a name. */
function drawTypes(kit: Kit, { types, parts }: Inside): Question[] {
  const names = [
    'vmlinux',
    ...some(kit, 1, without(types, ['vmlinux'])),
    ...some(kit, 2, without(parts, types)),
    ...some(
      kit,
      1,
      without(
        types.map((name) => name.slice(0, -1)),
        types,
      ),
    ),
  ];
  return names.map((name) => ({ kind: 'btf', name, truth: yesOrNo(types.includes(name)) }));
}

function drawOptions(kit: Kit, { config }: Inside): Question[] {
  // Of any other value, such as a number, nothing is asked.
  const named = (pattern: RegExp) => config.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  const [builtIn, module, off] = [/^CONFIG_(\w+)=y$/, /^CONFIG_(\w+)=m$/, /^# CONFIG_(\w+) is not set$/].map(named);
  const on = [...builtIn!, ...module!];
  const known = named(/^(?:# )?CONFIG_(\w+)[= ]/);
  const names = [
    ...some(kit, 2, builtIn!),
    ...some(kit, 2, module!),
    ...some(kit, 2, off!),
    // The beginning of the name of one that is on, and the end.
    ...some(
      kit,
      1,
      without(
        on.map((name) => name.slice(0, name.lastIndexOf('_'))).filter((name) => name !== ''),
        known,
      ),
    ),
    ...some(
      kit,
      1,
      without(
        on.map((name) => name.slice(name.indexOf('_') + 1)),
        known,
      ),
    ),
  ];
  return names.map((name) => ({ kind: 'option', name, truth: yesOrNo(on.includes(name)) }));
}

function drawModules(kit: Kit, { active }: Inside): Question[] {
  const names = [
    'bpf',
    ...some(kit, 2, active),
    // Debian compiles these in.
    ...some(kit, 2, without(['selinux', 'tomoyo', 'apparmor', 'yama'], active)),
    ...some(
      kit,
      1,
      without(
        active.map((name) => name.slice(0, -1)),
        active,
      ),
    ),
  ];
  return names.map((name) => ({ kind: 'lsm', name, truth: yesOrNo(active.includes(name)) }));
}

/** Of headers: their code is in each of their callers. The name of each is the end of another function's name. */
const inlined = ['list_add', 'copy_from_user', 'spin_lock', 'kmalloc'];
/** The kernel has these as symbols, and lets nobody trace them. */
const untraceable = ['do_syscall_64', 'exc_page_fault', 'trace_clock_local', 'native_sched_clock'];

async function drawFunctions(kit: Kit): Promise<Question[]> {
  const lines = (await read(kit, ['cat /sys/kernel/tracing/available_filter_functions']))[0]!.map((line) =>
    line.split(/\s+/),
  );
  const names = lines.map(([name]) => name!);
  const ofModules = lines.filter(([, module]) => module !== undefined);
  const drawn = [
    ...some(
      kit,
      1,
      lines.filter(([name, module]) => !module && /^[a-z]\w+$/.test(name!)).map(([name]) => name!),
    ),
    ...some(
      kit,
      1,
      ofModules.map(([name]) => name!),
    ),
    ...some(
      kit,
      1,
      ofModules.map(([, module]) => module!.slice(1, -1)).filter((module) => !names.includes(module)),
    ),
    ...some(kit, 1, without(inlined, names)),
    ...some(kit, 1, without(untraceable, names)),
    // Of a function that the compiler has changed, the name without what the compiler added.
    ...some(
      kit,
      1,
      without(
        names.filter((name) => name.includes('.')).map((name) => name.split('.')[0]!),
        names,
      ),
    ),
  ];
  return drawn.map((name) => ({ kind: 'function', name, truth: yesOrNo(names.includes(name)) }));
}

function without(names: readonly string[], others: readonly string[]): string[] {
  const left = new Set(names);
  for (const other of others) left.delete(other);
  return [...left];
}

const some = ({ random }: Kit, most: number, names: readonly string[]): string[] =>
  random.shuffle(names).slice(0, most);

/** Lines of what each command says. */
async function read({ machine }: Kit, commands: readonly string[]): Promise<string[][]> {
  const mark = '= = =';
  const argv = ['sh', '-ec', commands.join(`\necho "${mark}"\n`)];
  const { code, stdout, stderr } = await machine.run(argv, { maxOutputBytes: 8 * 2 ** 20 });
  if (code !== 0) throw new Error(`The kernel does not answer: ${stderr.slice(0, 500)}`);
  return stdout.split(`${mark}\n`).map((part) => part.split('\n').filter(Boolean));
}

/** What each can be without harm to this machine. A 1 in the first would forbid BPF to ordinary users until the next boot. */
const choices: Record<string, (random: Kit['random']) => number> = {
  'kernel.unprivileged_bpf_disabled': (random) => 2 * random.int(0, 1),
  'kernel.perf_event_paranoid': (random) => random.int(-1, 3),
  'kernel.bpf_stats_enabled': (random) => random.int(0, 1),
  'kernel.perf_event_max_sample_rate': (random) => random.int(10_000, 100_000),
};

/** Each gets another value than it has, in a guest; a Linux that is not ours stays as it is. Resolves to what they are then. */
async function changeSettings({ machine, random }: Kit, now: Inside['settings']): Promise<Inside['settings']> {
  if (machine.info.kind !== 'vm') return now;
  const others = now.map(([name, value]) => {
    for (;;) {
      const other = `${choices[name]!(random)}`;
      if (other !== value) return `${name}=${other}`;
    }
  });
  const { code, stdout, stderr } = await machine.run(['sysctl', '-w', ...others]);
  if (code !== 0) throw new Error(`Settings cannot be changed: ${stderr.slice(0, 500)}`);
  return stdout.split('\n').filter(Boolean).map(pairOf);
}

const pairOf = (line: string) => line.split(' = ', 2) as [name: string, value: string];
