/** Kernels that do not exist: a task_struct whose fields are somewhere else, described by BTF, and tasks in memory that looks like it. */
import { type Kit, u32, u64 } from '#kit';

type Random = Kit['random'];

/** Which field says what a thread waits for: a long up to 5.13, an unsigned int since 5.14, and one that nobody knows yet. */
export type Era = 'state' | '__state' | 'neither';

export interface MadeUp {
  era: Era;
  /** The kernel's BTF, as /sys/kernel/btf/vmlinux is. */
  btf: Uint8Array;
  /** All tasks, one after the other; at `pointers`, the address of the byte `to` of this memory has to be written. */
  memory: Uint8Array;
  pointers: { at: number; to: number }[];
  /** Those that end: where they are in the memory, and what the program has to find. */
  ending: { at: number; pid: number; parent: bigint; state: bigint | null }[];
}

type Scalar = 'int' | 'unsigned int' | 'long' | 'unsigned long' | 'task';
interface Field {
  name: string;
  /** A number is so many bytes of something else. */
  type: Scalar | number;
}
type Placed = Field & { at: number };

const sizes = { int: 4, 'unsigned int': 4, long: 8, 'unsigned long': 8, task: 8 };
const sizeOf = ({ type }: Field): number => (typeof type === 'number' ? type : sizes[type]);

/** `nested`: some of the fields are in a struct without a name, as in kernels that shuffle them. */
export function makeUp(random: Random, era: Era, nested: boolean): MadeUp {
  const layout = drawLayout(random, era, nested);
  const at = new Map(layout.fields.map((field) => [field.name, field.at]));
  // Nothing of it is zero by chance, so that a read that is too wide or beside the field shows.
  const memory = random.bytes(layout.size * tasks).map((byte) => byte || 0xa5);
  const pointers: MadeUp['pointers'] = [];
  const states = random.shuffle(drawStates(random, era));
  const id = drawIds(random);
  // Each process is two threads, of which the first has the id of the process.
  const all = Array.from({ length: tasks }, (_, index) => ({
    base: index * layout.size,
    pid: id(),
    tgid: 0,
    leader: 0,
    state: states[index] ?? null,
  }));
  for (const [index, task] of all.entries()) {
    task.leader = index - (index % 2);
    task.tgid = all[task.leader]!.pid;
    memory.set(u32(task.pid), task.base + at.get('pid')!);
    memory.set(u32(task.tgid), task.base + at.get('tgid')!);
    if (task.state === null) continue;
    memory.set(
      era === 'state' ? u64(BigInt.asUintN(64, task.state)) : u32(Number(task.state)),
      task.base + at.get(era)!,
    );
  }
  // Each has the next as its parent, and so on in a ring; the one after that has attached a debugger to it.
  const order = random.shuffle(all.map((_, index) => index));
  const next = (index: number, steps: number) => all[order[(order.indexOf(index) + steps) % tasks]!]!;
  for (const [index, { base, leader }] of all.entries()) {
    pointers.push({ at: base + at.get('real_parent')!, to: next(index, 1).base });
    pointers.push({ at: base + at.get('parent')!, to: next(index, 2).base });
    pointers.push({ at: base + at.get('group_leader')!, to: all[leader]!.base });
  }
  return {
    era,
    btf: describe(layout),
    memory,
    pointers,
    ending: all.map(({ base, pid }, index) => ({
      at: base,
      pid,
      parent: BigInt(next(index, 1).tgid),
      state: next(index, 1).state,
    })),
  };
}

const tasks = 8;

/** As the field holds them: what kernels really have there, and numbers that need all of its bits. */
function drawStates(random: Random, era: Era): bigint[] {
  if (era === 'neither') return [];
  const real = [0n, 1n, 2n, 0x104n, 0x2102n];
  return era === 'state'
    ? [...real, -2n, -1n * 2n ** 40n, 2n ** 40n + BigInt(random.int(1, 9999))]
    : [...real, 2n ** 31n, 0xffffffffn, 2n ** 31n + BigInt(random.int(1, 9999))];
}

/** Ids of processes: none twice. */
function drawIds(random: Random): () => number {
  const drawn = new Set<number>();
  return () => {
    for (;;) {
      const id = random.int(2, 4_194_303);
      if (drawn.has(id)) continue;
      drawn.add(id);
      return id;
    }
  };
}

interface Layout {
  /** With those in the nameless struct. */
  fields: Placed[];
  /** The names of the fields in the nameless struct, and where it begins; null if there is none. */
  nested: { at: number; size: number; names: Set<string> } | null;
  size: number;
}

function drawLayout(random: Random, era: Era, nested: boolean): Layout {
  const known: Field[] = [
    { name: 'pid', type: 'int' },
    { name: 'tgid', type: 'int' },
    { name: 'real_parent', type: 'task' },
    { name: 'parent', type: 'task' },
    { name: 'group_leader', type: 'task' },
    { name: 'exit_state', type: 'int' },
    { name: 'flags', type: 'unsigned int' },
    { name: 'start_time', type: 'unsigned long' },
    ...(era === 'state' ? [{ name: 'state', type: 'long' } as const] : []),
    ...(era === '__state' ? [{ name: '__state', type: 'unsigned int' } as const] : []),
  ];
  const others = random.several(6, 9, () => ({ name: `x_${random.name(8)}`, type: random.int(1, 900) }));
  const fields = [
    { name: `x_${random.name(8)}`, type: 8 * random.int(2, 40) },
    ...random.shuffle([...known, ...others]),
  ];
  let end = 0;
  const placed = fields.map((field) => {
    const size = sizeOf(field);
    const alignment = typeof field.type === 'number' ? 1 : size;
    const at = Math.ceil(end / alignment) * alignment;
    end = at + size;
    return { ...field, at };
  });
  const size = Math.ceil((end + random.int(0, 64)) / 8) * 8;
  const from = placed[1]!.at - (placed[1]!.at % 8);
  return {
    fields: placed,
    nested: nested ? { at: from, size: size - from, names: new Set(placed.slice(1).map(({ name }) => name)) } : null,
    size,
  };
}

/** The format: include/uapi/linux/btf.h. */
function describe({ fields, nested, size }: Layout): Uint8Array {
  const strings: string[] = [''];
  let length = 1;
  const name = (text: string): number => {
    if (!text) return 0;
    strings.push(text);
    length += text.length + 1;
    return length - text.length - 1;
  };
  const types: number[] = [];
  let last = 0;
  const add = (text: string, kind: number, members: number, word: number, ...more: number[]): number => {
    types.push(name(text), (kind << 24) | members, word, ...more);
    return ++last;
  };
  const [int, pointer, array, struct] = [1, 2, 3, 4];
  const signed = 1 << 24;
  const scalars: Record<Scalar, number> = {
    int: add('int', int, 0, 4, signed | 32),
    'unsigned int': add('unsigned int', int, 0, 4, 32),
    long: add('long', int, 0, 8, signed | 64),
    'unsigned long': add('unsigned long', int, 0, 8, 64),
    task: 0,
  };
  const byte = add('unsigned char', int, 0, 1, 8);
  const bytes = new Map<number, number>();
  for (const { type } of fields)
    if (typeof type === 'number' && !bytes.has(type))
      bytes.set(type, add('', array, 0, 0, byte, scalars['unsigned int'], type));
  // The context of the program: clang notes which field of it is read, as of any type in vmlinux.h.
  const wide = add('unsigned long long', int, 0, 8, 64);
  const none = add('', array, 0, 0, wide, scalars['unsigned int'], 0);
  add('bpf_raw_tracepoint_args', struct, 1, 0, name('args'), none, 0);
  // What comes next are the pointer to the struct, the nameless struct if there is one, and the struct.
  scalars.task = last + 1;
  const whole = last + (nested ? 3 : 2);
  add('', pointer, 0, whole);
  const member = (field: Placed, base: number): number[] => [
    name(field.name),
    typeof field.type === 'number' ? bytes.get(field.type)! : scalars[field.type],
    (field.at - base) * 8,
  ];
  const inside = fields.filter((field) => nested?.names.has(field.name));
  const outside = fields.filter((field) => !nested?.names.has(field.name));
  if (nested) add('', struct, inside.length, nested.size, ...inside.flatMap((field) => member(field, nested.at)));
  add(
    'task_struct',
    struct,
    outside.length + (nested ? 1 : 0),
    size,
    ...outside.flatMap((field) => member(field, 0)),
    ...(nested ? [0, whole - 1, nested.at * 8] : []),
  );
  const text = Buffer.from(`${strings.join('\0')}\0`);
  const body = Buffer.concat(types.map((word) => u32(word >>> 0)));
  const magic = Buffer.from([0x9f, 0xeb, 1, 0]);
  const header = [24, 0, body.length, body.length, text.length].map((word) => u32(word));
  return Buffer.concat([magic, ...header, body, text]);
}
