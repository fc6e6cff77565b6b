/** Calls of socket that are to be denied, by every door, and calls all around them that are not. */
import { compileC } from '../../../../grader/checks/c-program.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import { type Call, type Decided, type Installed, judgeFilters } from '../../../../grader/checks/seccomp.ts';
import type { Kit } from '../../../../grader/checks/kit.ts';

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
/** The tool needs them to go on: seccomp, exit_group. */
const ours = [317, 231];

export const built = evidence((kit) => compileC(kit, 'filter.c', { libraries: ['seccomp'], rest: main }));

export async function judge(kit: Kit): Promise<Judged> {
  const { installed, decided } = await judgeFilters(kit, await built(kit), questions(kit.random));
  return { installed, of: (kind) => decided.filter((answered) => answered.kind === kind) };
}

function questions(random: Kit['random']): Question[] {
  const any = () => BigInt(random.int(0, 2 ** 31 - 1));
  const upper = () => BigInt(random.int(1, 2 ** 31 - 1)) << 32n;
  const ask = (kind: Kind, what: string, nr: number, ...args: bigint[]): Question => ({ kind, what, mode: 'ask', arch: 'native', nr, args });
  const call = (kind: Kind, what: string, nr: number, ...args: bigint[]): Question => ({ ...ask(kind, what, nr, ...args), mode: 'try' });
  const domain = () => BigInt(random.pick(Array.from({ length: 45 }, (_, i) => i + 1).filter((number) => BigInt(number) !== afPacket)));
  const otherCall = () => random.pick(Array.from({ length: 335 }, (_, nr) => nr).filter((nr) => nr !== socket && !ours.includes(nr)));
  const anyOther = (first: bigint) => {
    const nr = otherCall();
    return ask('other', `system call ${nr} with ${first} as its first argument`, nr, first, any(), any(), any(), any(), any());
  };
  const asked: Question[] = [
    call('denied', 'socket(AF_PACKET, SOCK_RAW, 0)', socket, afPacket, 3n, 0n),
    ...random.several(3, 6, () => any()).map((type) => ask('denied', `socket(AF_PACKET, ${type}, …)`, socket, afPacket, type, any())),
    call('other', 'socket(AF_UNIX, SOCK_STREAM, 0)', socket, 1n, 1n, 0n),
    call('other', 'socket(AF_INET, SOCK_DGRAM, 0)', socket, 2n, 2n, 0n),
    call('other', 'getpid()', getpid),
    ...random.several(4, 8, domain).map((number) => ask('other', `socket(${number}, …)`, socket, number, any(), any())),
    ask('other', `socket(AF_INET, ${afPacket}, ${afPacket})`, socket, 2n, afPacket, afPacket),
    ask('other', 'socket(…) with AF_PACKET in the upper half of its first argument only', socket, (afPacket << 32n) | 2n, any(), 0n),
    ask('other', 'socketpair(AF_PACKET, …)', 53, afPacket, any(), 0n),
    ...random.several(15, 25, () => anyOther(any())),
    ...random.several(5, 10, () => anyOther(afPacket)),
    ...random.several(2, 4, upper).map((bits) => ask('upper-half', `socket(0x${(bits | afPacket).toString(16)}, …)`, socket, bits | afPacket, 3n, any())),
    ask('door', 'the x32 call of socket(AF_PACKET, …)', x32Bit + socket, afPacket, 3n, any()),
    { ...ask('door', 'the i386 call of socket(AF_PACKET, …)', i386Socket, afPacket, 3n, any()), arch: 'i386' },
    // SYS_SOCKET is 1; the arguments are in memory, where no filter can look
    { ...ask('door', 'the i386 call socketcall(SYS_SOCKET, …)', i386SocketCall, 1n, any()), arch: 'i386' },
  ];
  return random.shuffle(asked);
}
