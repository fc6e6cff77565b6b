/** What environment/guest/loader.c may answer. Programs of a submission can reach into its process: everything is read by these schemas. */
import { z } from 'zod';
import { machineHex, machineText } from './hostile.ts';

const name = machineText(512);
const messages = machineText(512 * 1024);
const u32 = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);

const refusal = z.object({
  ok: z.literal(false),
  errno: z.int(),
  /** strerror, or what the loader has to say itself. */
  message: machineText(512),
  /** libbpf's own messages. */
  libbpf: messages,
});

const done = z.object({ ok: z.literal(true) });

const about = z.object({ name, type: name, keySize: u32, valueSize: u32, maxEntries: u32 });

/** As long as the learner likes; whoever shows it cuts it. */
const ownName = machineText(2 ** 20);

const opened = done.extend({
  license: ownName,
  programs: z.array(z.object({ name: ownName, section: ownName, type: name, autoload: z.boolean() })).max(100_000),
  maps: z.array(about.extend({ name: ownName })).max(100_000),
});

/** `helpers`: numbers of the kernel's functions that the programs call. */
const loaded = done.extend({ helpers: z.array(z.int().min(1).max(1023)).max(1023) });

const attached = done.extend({
  programs: z
    .array(
      z.object({
        /** Of a struct_ops map, its name. */
        program: ownName,
        section: ownName,
        /** 0 if attached. */
        errno: z.int(),
        libbpf: messages,
        /** Where the kernel says it is: kind 'tracepoint', 'kprobe', … or the type of link; target '' if the kernel names none. */
        links: z.array(z.object({ kind: name, target: name })).max(512),
      }),
    )
    .max(128),
});

const bytes = machineHex(16 * 2 ** 20);
const value = z.union([bytes.transform((one) => [one]), z.array(bytes).max(4096)]);

const run = z.object({
  /** 0 if the kernel ran the program. */
  errno: z.int(),
  /** What the program returned. */
  retval: u32,
  /** The kernel's own mean time of one run, in nanoseconds; 0 where it measures none. */
  nanoseconds: u32,
  /** The data as the program left it. */
  data: bytes,
  /** The context as the program left it; empty if none was given, or the kernel gives none back. */
  context: bytes,
});

/** A type by BTF. Members of a struct, union or section of variables in the source's order. */
export type BtfType =
  | { size: number; kind: 'integer' | 'other' }
  | { size: number; kind: 'array'; count: number; of: BtfType }
  | {
      size: number;
      kind: 'struct' | 'union';
      /** Offset in bytes; bits is 0 unless it is a bit field. */
      members: { name: string; offset: number; bits: number; type: BtfType }[];
    };

const btfType: z.ZodType<BtfType> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ size: u32, kind: z.enum(['integer', 'other']) }),
    z.object({ size: u32, kind: z.literal('array'), count: u32, of: btfType }),
    z.object({
      size: u32,
      kind: z.enum(['struct', 'union']),
      members: z.array(z.object({ name, offset: u32, bits: z.int().min(0).max(64), type: btfType })).max(2000),
    }),
  ]),
);

const count = z
  .number()
  .min(0)
  .max(2 ** 64);
const knownProgram = done.extend({
  id: z.int().min(1),
  type: name,
  name,
  /** Runs, and nanoseconds in all of them, since somebody asked the kernel to count. */
  runs: count,
  nanoseconds: count,
  /** Instructions that the verifier walked through; 0 before Linux 5.16, which does not tell. */
  verified: u32,
  /** Bytes. */
  translated: u32,
  jited: u32,
  /** The kernel's numbers of the maps that it uses. */
  maps: z.array(u32).max(64),
});

/** Command -> what a yes looks like; a no is always a refusal. */
const answers = {
  open: opened,
  attach: attached,
  detach: done,
  entries: done.extend({ entries: z.array(z.tuple([bytes, value])).max(1_000_000), truncated: z.boolean() }),
  lookup: done.extend({ value }),
  update: done,
  delete: done,
  'put-socket': done,
  records: done.extend({ records: z.array(bytes).max(1_000_000), truncated: z.boolean() }),
  'watch-records': done,
  trap: done,
  untrap: done.extend({ traps: z.number().min(0) }),
  kernel: done.extend({
    programs: z.array(z.object({ id: u32, name, linked: z.boolean() })).max(8192),
    maps: z.array(z.object({ id: u32, name })).max(8192),
  }),
  counter: done.extend({ id: z.int().min(1) }),
  counted: done.extend({ counted: z.number().min(0) }),
  woken: done.extend({ woken: z.boolean() }),
  'run-together': done.extend({ cpus: z.int().min(1).max(1024) }),
  types: done.extend({ key: btfType, value: btfType }),
  map: done.extend({ id: z.int().min(1) }).extend(about.shape),
  variables: done.extend({ sections: z.array(z.object({ map: name, type: btfType })).max(64) }),
  read: done.extend({ bytes }),
  write: done,
  run: done.extend({ runs: z.array(run).max(10_000) }),
  program: knownProgram,
  'count-runs': done,
  pin: done,
  unpin: done,
  reuse: done,
  resize: done,
  autoload: done,
  target: done,
  'attach-to': done.extend({ link: z.int().min(0).max(255) }),
  'attach-struct': done.extend({ link: z.int().min(0).max(255) }),
  'link-info': done.extend({ type: name, program: u32 }),
  'link-detach': done,
  'link-replace': done,
  'link-pin': done,
  'link-read': done.extend({ output: machineHex(4 * 2 ** 20), truncated: z.boolean() }),
};

const noToLoad = refusal.extend({ program: ownName.default(''), log: machineText(32 * 2 ** 20).default('') });

export type Command = keyof typeof answers | 'load';
type Yes<C extends Command> = C extends keyof typeof answers ? z.output<(typeof answers)[C]> : z.output<typeof loaded>;
type No<C extends Command> = C extends 'load' ? z.output<typeof noToLoad> : z.output<typeof refusal>;
export type Reply<C extends Command> = Yes<C> | No<C>;

/** The schema of a command's answer. */
export function replyTo<C extends Command>(command: C): z.ZodType<Reply<C>> {
  const schema =
    command === 'load'
      ? z.discriminatedUnion('ok', [loaded, noToLoad])
      : z.discriminatedUnion('ok', [answers[command as keyof typeof answers], refusal]);
  return schema as unknown as z.ZodType<Reply<C>>;
}

export type Refusal = z.output<typeof refusal>;
export type Opened = z.output<typeof opened>;
export type TestRun = z.output<typeof run>;
export type KnownProgram = z.output<typeof knownProgram>;
export type Attached = z.output<typeof attached>['programs'][number];
