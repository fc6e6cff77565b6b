/** Calls of socket that are to be denied, by every door, and calls all around them that are not. */
import { type Call, compileC, type Decided, evidence, type Installed, judgeFilters, type Kit } from '#kit';

type Kind = 'denied' | 'other' | 'upper-half' | 'door';

interface Question extends Call {
  kind: Kind;
  /** As a learner would write it. */
  what: string;
}

export type Answered = Decided<Question>;

export interface Judged {
  installed: Installed;
  of(kind: Kind): Answered[];
}

const main = 'int install_filter(void);\nint main(void) { return install_filter() ? 1 : 0; }\n';
const afPacket = 17n;

// x86-64: arch/x86/entry/syscalls/syscall_64.tbl; i386: syscall_32.tbl
const socket = 41;
const getpid = 39;
const x32Bit = 0x40000000;
const i386Socket = 359;
const i386SocketCall = 102;
/** uretprobe and uprobe: the kernel's own, which no filter is asked about. */
const unfiltered = [335, 336];
/** Well above the newest call's number, so that there is one beyond whatever table a filter may have. */
const beyond = [1023, 1024, 4096, 32_767, 32_768, 65_535, 65_536 + socket, 2 ** 24, x32Bit - 1];
const numbers = Array.from({ length: 640 }, (_, nr) => nr)
  .filter((nr) => nr !== socket && !unfiltered.includes(nr))
  .concat(beyond);
/** Whoever closes io_uring's way to a socket stops its calls, and may. */
const ioUring = [425, 426, 427];
const names: Record<number, string> = Object.fromEntries(
  [
    '0 read, 1 write, 9 mmap, 42 connect, 53 socketpair, 56 clone, 57 fork, 59 execve, 60 exit, 102 getuid, 157 prctl',
    '202 futex, 231 exit_group, 257 openat, 317 seccomp, 321 bpf, 334 rseq, 424 pidfd_send_signal, 435 clone3',
    '436 close_range, 437 openat2, 439 faccessat2',
  ]
    .flatMap((line) => line.split(', '))
    .map((entry) => entry.split(' ')),
);
const inet = 2n;
/** The type of a packet socket from before AF_PACKET: who denies it with AF_INET is right, and who does not is, too. */
const sockPacket = 10n;
const types = [1n, 2n, 3n, 4n, 5n, 6n, sockPacket];
const flags = [0n, 0o2000000n, 0o4000n];

export const built = evidence((kit) => compileC(kit, 'filter.c', { libraries: ['seccomp'], rest: main }));

export async function judge(kit: Kit): Promise<Judged> {
  const { installed, decided } = await judgeFilters(kit, await built(kit), questions(kit.random));
  return { installed, of: (kind) => decided.filter((answered) => answered.kind === kind) };
}

function questions(random: Kit['random']): Question[] {
  const any = () => BigInt(random.int(0, 2 ** 31 - 1));
  const upper = () => BigInt(random.int(1, 2 ** 31 - 1)) << 32n;
  const ask = (kind: Kind, what: string, nr: number, ...args: bigint[]): Question => ({
    kind,
    what,
    mode: 'ask',
    arch: 'native',
    nr,
    args,
  });
  const call = (kind: Kind, what: string, nr: number, ...args: bigint[]): Question => ({
    ...ask(kind, what, nr, ...args),
    mode: 'try',
  });
  const system = (nr: number, args: bigint[]) =>
    ask('other', `${names[nr] ?? `system call ${nr}`} with ${args[0]} as its first argument`, nr, ...args);
  const families = Array.from({ length: 64 }, (_, family) => BigInt(family)).filter((family) => family !== afPacket);
  const others = families.flatMap((family) =>
    types
      .filter((type) => family !== inet || type !== sockPacket)
      .map((type) => ask('other', `socket(${family}, ${type}, …)`, socket, family, type | random.pick(flags), any())),
  );
  const asked: Question[] = [
    call('denied', 'socket(AF_PACKET, SOCK_RAW, 0)', socket, afPacket, 3n, 0n),
    ...[0n, ...types, any(), any(), any()].flatMap((type) =>
      flags.map((flag) =>
        ask(
          'denied',
          `socket(AF_PACKET, ${type | flag}, …)`,
          socket,
          afPacket,
          type | flag,
          random.pick([0n, 768n, any()]),
        ),
      ),
    ),
    call('other', 'socket(AF_UNIX, SOCK_STREAM, 0)', socket, 1n, 1n, 0n),
    call('other', 'socket(AF_INET, SOCK_DGRAM, 0)', socket, 2n, 2n, 0n),
    call('other', 'getpid()', getpid),
    ...others,
    // Numbers that hold AF_PACKET's, or look like it.
    ...[afPacket + 0x100n, afPacket << 8n, 0xffffffefn, 0x80000011n, 0x10011n].map((family) =>
      ask('other', `socket(${family}, …)`, socket, family, 3n, any()),
    ),
    ask('other', `socket(AF_INET, ${afPacket}, ${afPacket})`, socket, inet, afPacket, afPacket),
    ...[inet, 1n, 0n].map((family) =>
      ask(
        'other',
        'socket(…) with AF_PACKET in the upper half of its first argument only',
        socket,
        (afPacket << 32n) | family,
        3n,
        0n,
      ),
    ),
    ...numbers.flatMap((nr) =>
      ioUring.includes(nr) ? [] : [system(nr, [afPacket, 3n, any()]), system(nr, random.several(6, 6, any))],
    ),
    // As i386 numbers the calls by which sockets are made there; here they are others.
    ...[i386SocketCall, i386Socket, 53].map((nr) => system(nr, [1n, 3n, 0n])),
    ...[1n, 2n ** 31n, 2n ** 32n - 1n, ...random.several(3, 6, () => upper() >> 32n)].map((half) => {
      const family = (half << 32n) | afPacket;
      return ask('upper-half', `socket(0x${family.toString(16)}, …)`, socket, family, 3n, any());
    }),
    ...types.map((type) =>
      ask('door', `the x32 call of socket(AF_PACKET, ${type}, …)`, x32Bit + socket, afPacket, type),
    ),
    ask(
      'door',
      'the x32 call of socket(AF_PACKET, …) with something in the upper half',
      x32Bit + socket,
      upper() | afPacket,
      3n,
    ),
    ...types.map((type) => ({
      ...ask('door', `the i386 call of socket(AF_PACKET, ${type}, …)`, i386Socket, afPacket, type, any()),
      arch: 'i386' as const,
    })),
    // SYS_SOCKET is 1; the arguments are in memory, where no filter can look
    { ...ask('door', 'the i386 call socketcall(SYS_SOCKET, …)', i386SocketCall, 1n, any()), arch: 'i386' },
  ];
  return random.shuffle(asked);
}
