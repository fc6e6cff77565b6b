/** The same frames, sent to a host before a program is attached to its device, and after; and run through the program one by one. */
import { dirname } from 'node:path/posix';
import {
  everyProtocolOver4,
  filtersOf,
  type Filters,
  type Frame,
  type Kit,
  kindsOver4,
  must,
  type Pair,
  type Passage,
  protocols,
  type RunResult,
  runTc,
  tcp as tcpSegment,
  trace,
  Traffic,
  drawHosts,
} from '#kit';

export const program = 'drop.bpf.c';
export const commands = 'attach.tc';

export interface Crossing {
  tcp: Passage[];
  others: Passage[];
  /** Sent by the host itself; and how many copies of each left before the program was attached. */
  leaving: (Passage & { before: number })[];
}

/** Attached by the grader, as it must be: what is judged is the program alone. */
export async function sendThroughProgram(kit: Kit): Promise<Crossing> {
  const drop = await kit.program(program).only('sched_cls');
  return cross(kit, await kit.net.pair(), (pair) => pair.attach('tc', drop));
}

export interface Commanded {
  result: RunResult;
  /** What hangs at the device then, with runs since. */
  filters: Filters;
  /** How many of the packets a program at its ingress must have been asked about, whatever its filter says of protocols. */
  asked: number;
  /** Null if the commands failed. */
  crossing: Crossing | null;
  /** What hangs at another device than eth0, as tc tells it. */
  elsewhere: string;
}

/** Attached by the learner's own commands. */
export async function sendThroughCommands(kit: Kit): Promise<Commanded> {
  const [object, batch] = [await kit.program(program).compile(), await kit.submitted(commands)];
  const pair = await kit.net.pair();
  const counting = await kit.bpf.countRuns();
  let result: RunResult | undefined;
  const crossing = await cross(kit, pair, async () => {
    result = await runTc(kit.machine, pair, batch, dirname(object));
  });
  const filters = await filtersOf(kit.machine, pair);
  await counting.stop();
  const elsewhere = await filtersElsewhere(kit, pair);
  // A filter for `protocol ip` is not asked about packets that came with a VLAN tag: that will do.
  const tcp = crossing.tcp.filter(({ frame }) => !hasTag(frame));
  return {
    result: result!,
    filters,
    asked: tcp.length,
    crossing: result!.code === 0 ? { ...crossing, tcp } : null,
    elsewhere,
  };
}

/** The network has one device more, on which the machine talks to itself. */
async function filtersElsewhere({ machine }: Kit, { namespace }: Pair): Promise<string> {
  const script = 'for way in ingress egress; do tc filter show dev lo $way 2>/dev/null; done; true';
  const { stdout } = await machine.run(['nsenter', `--net=${namespace}`, 'sh', '-c', script]);
  return stdout.trim().split('\n')[0]!.slice(0, 300);
}

async function cross({ random }: Kit, pair: Pair, attach: (pair: Pair) => Promise<void>): Promise<Crossing> {
  const traffic = new Traffic(random, pair.left, pair.right);
  const back = new Traffic(random, pair.right, pair.left);
  const { tcp, others } = comingIn(random, traffic);
  const leaving = [back.ipv4('TCP'), back.ipv4WithOptions('TCP'), back.ipv4('UDP'), back.arp(), back.ipv6('TCP')];
  const all = random.shuffle([...tcp, ...others]);
  const bytes = (frames: Frame[]) => frames.map((frame) => frame.bytes);
  const send = async () => {
    const { arrived, answers } = await pair.send(bytes(all), bytes(leaving));
    return { inward: trace(all, arrived), outward: trace(leaving, answers) };
  };

  const before = await send();
  const lost = [...before.inward, ...before.outward].find(({ intact }) => intact === 0);
  if (lost) throw new Error(`The wire lost a frame by itself: ${lost.frame.what}.`);
  await attach(pair);
  const { inward, outward } = await send();
  const passages = new Map(inward.map((passage) => [passage.frame, passage]));
  const of = (frames: Frame[]) => frames.map((frame) => passages.get(frame)!);
  const copies = new Map(before.outward.map(({ frame, intact }) => [frame, intact]));
  return {
    tcp: of(tcp),
    others: of(others),
    leaving: outward.map((passage) => ({ ...passage, before: copies.get(passage.frame)! })),
  };
}

/** What the kernel hands to the sockets of a host. It takes one VLAN tag off before tc. */
function comingIn(random: Kit['random'], traffic: Traffic): { tcp: Frame[]; others: Frame[] } {
  const tcp = [
    ...kindsOver4(random, traffic, 'TCP'),
    ...odd(() => traffic.ipv4('TCP')),
    ...services.flatMap((port) =>
      [
        { sourcePort: random.int(1024, 65_535), destinationPort: port },
        { sourcePort: port, destinationPort: random.int(1024, 65_535) },
      ].map((ports, i) => traffic.over4(`TCP ${i ? 'from' : 'to'} port ${port}`, tcpSegment(ports))),
    ),
  ];
  const others = [
    ...kindsOver4(random, traffic, 'UDP'),
    ...kindsOver4(random, traffic, 'ICMP'),
    ...odd(() => traffic.ipv4('UDP')),
    ...[0, 5, 7, 16, 18, 136, 255].map((number) => traffic.ipv4Other(number)),
    traffic.arp(),
    traffic.ipv6('TCP'),
    traffic.ipv6('UDP'),
    traffic.ipv6('ICMP'),
    traffic.experiment(),
    traffic.withOtherEtherType(traffic.ipv4('TCP')),
  ];
  const tagged = (frames: Frame[]) => frames.map((frame) => traffic.tagged(frame));
  return {
    tcp: [...tcp, ...tagged([traffic.ipv4('TCP'), traffic.ipv4WithOptions('TCP'), ...traffic.ipv4Fragments('TCP')])],
    others: [
      ...others,
      ...tagged([traffic.ipv4('UDP'), traffic.arp(), traffic.ipv6('TCP'), traffic.experiment()]),
      ...short(random, traffic),
    ],
  };
}

/** Ports of services that somebody may want to spare. */
const services = [22, 53, 80, 179, 443, 6443, 8080];

/** To everybody on the network and to a group; and with a length in the IP header that is not so. */
function odd(make: () => Frame): Frame[] {
  const changed = (how: string, at: number, bytes: number[]): Frame => {
    const frame = make();
    const copy = Uint8Array.from(frame.bytes);
    copy.set(bytes, at);
    return { what: `${frame.what}, ${how}`, bytes: copy };
  };
  return [
    changed('to everybody', 0, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    changed('to a group', 0, [0x01, 0x00, 0x5e, 0x00, 0x00, 0x01]),
    changed('whose total length says 0', 16, [0, 0]),
    changed('whose total length says 20', 16, [0, 20]),
    changed('whose total length says 65535', 16, [0xff, 0xff]),
  ];
}

function hasTag({ bytes }: Frame): boolean {
  return bytes[12] === 0x81 && bytes[13] === 0x00;
}

/** They end before the byte that would say TCP. */
function short(random: Kit['random'], traffic: Traffic): Frame[] {
  return [
    ...[14, 15, 23].map((length) => traffic.cut(traffic.ipv4('TCP'), length)),
    traffic.cut(traffic.ipv4('TCP'), random.int(16, 22)),
    traffic.cut(traffic.arp(), 14),
    traffic.cut(traffic.arp(), random.int(15, 33)),
    traffic.cut(traffic.ipv6('UDP'), 14),
    traffic.cut(traffic.ipv6('TCP'), random.int(15, 33)),
    traffic.cut(traffic.experiment(), random.int(14, 33)),
  ];
}

/**
 * What BPF_PROG_TEST_RUN takes: new kernels refuse IP packets without their whole header. It leaves tags on, as tc never sees them.
 */
function canBeRun({ bytes }: Frame): boolean {
  const etherType = (bytes[12]! << 8) | bytes[13]!;
  const least = { 0x0800: 34, 0x86dd: 54, 0x8100: Infinity }[etherType] ?? 14;
  return bytes.length >= least;
}

/** By check: what the program must return for each frame. */
export function drawFrames({ random }: Kit) {
  const traffic = new Traffic(random, ...drawHosts(random));
  const { tcp, others } = comingIn(random, traffic);
  return {
    'drops-tcp': must('TC_ACT_SHOT', tcp.filter(canBeRun)),
    'passes-others': must('TC_ACT_OK', [
      ...others.filter(canBeRun),
      ...everyProtocolOver4(random, traffic, [protocols.tcp]),
      ...traffic.withOtherEtherTypes(traffic.ipv4('TCP')),
    ]),
  };
}
