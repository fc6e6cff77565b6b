/** Frames to a host on which a socket captures, with the filter that tcpdump made of the expression. */
import type { Kit } from '../../../../grader/checks/kit.ts';
import { type TcpFlag, segment, tcp, udp } from '../../../../grader/checks/packets.ts';
import { compileFilter, encodeClassic } from '../../../../grader/checks/tcpdump.ts';
import { type Frame, timesIn, Traffic } from '../../../../grader/checks/traffic.ts';

export const file = 'filter.txt';
export const port = 8080;

export const groups = ['attempts', 'options', 'flags', 'ports', 'others', 'fragments'] as const;
export type Group = (typeof groups)[number];

export interface Captured {
  frame: Frame;
  wanted: boolean;
  captured: boolean;
}

export async function capture(kit: Kit): Promise<Record<Group, Captured[]>> {
  const { machine, random, net } = kit;
  const filter = await compileFilter(machine, await kit.submitted(file));
  const pair = await net.pair();
  await pair.attachClassic(encodeClassic(filter));
  const frames = drawFrames(kit, new Traffic(random, pair.left, pair.right));
  const all = random.shuffle(groups.flatMap((group) => frames[group]));
  const { kept, arrived } = await pair.send(all.map(({ bytes }) => bytes));
  const lost = all.find((frame) => timesIn(arrived, frame) === 0);
  if (lost) throw new Error(`The wire lost a frame by itself: ${lost.what}.`);
  return Object.fromEntries(
    groups.map((group) => [group, frames[group].map((frame) => ({ frame, wanted: group === 'attempts' || group === 'options', captured: timesIn(kept, frame) > 0 }))]),
  ) as Record<Group, Captured[]>;
}

function drawFrames({ random }: Kit, traffic: Traffic): Record<Group, Frame[]> {
  const high = () => random.int(20_000, 60_000);
  const send = (flags: TcpFlag[], sourcePort: number, destinationPort: number) =>
    tcp({ flags, sourcePort, destinationPort, sequence: random.int(0, 2 ** 32 - 1), payload: random.bytes(random.int(0, 20)) });
  const several = (make: () => Frame) => random.several(3, 6, make);
  const otherPort = () => random.pick([80, 443, port - 1, port + 1, port + 10_000, high()]);
  return {
    attempts: [
      ...several(() => traffic.over4(`SYN to port ${port}`, send(['syn'], high(), port))),
      // RFC 3168 6.1.1: a client that can do ECN sets these two as well.
      ...several(() => traffic.over4(`SYN with ECE and CWR to port ${port}`, send(['syn', 'ece', 'cwr'], high(), port))),
    ],
    options: several(() => traffic.over4WithOptions(`SYN to port ${port}`, send(['syn'], high(), port))),
    flags: ([['ack'], ['psh', 'ack'], ['syn', 'ack'], ['fin', 'ack'], ['rst'], ['rst', 'ack']] as TcpFlag[][]).flatMap((flags) =>
      random.several(1, 3, () => traffic.over4(`${flags.join('+').toUpperCase()} to port ${port}`, send(flags, high(), port))),
    ),
    ports: [
      ...several(() => traffic.over4(`SYN from port ${port} to another`, send(['syn'], port, otherPort()))),
      ...several(() => traffic.over4('SYN to another port', send(['syn'], high(), otherPort()))),
    ],
    others: [
      ...several(() => traffic.over4(`UDP to port ${port}`, udpLikeSyn(high(), random.bytes(20)))),
      ...several(() => traffic.over6(`SYN to port ${port} over IPv6`, send(['syn'], high(), port))),
      ...[() => traffic.ipv4('ICMP'), () => traffic.ipv4Other(), () => traffic.arp(), () => traffic.experiment()].flatMap(several),
    ],
    fragments: several(() => laterFragment(traffic, random.bytes(24), send(['syn'], high(), port).bytes(random.bytes(10)))),
  };
}

/** Its byte 13 is that of a SYN: where the flags would be, were it TCP. */
function udpLikeSyn(sourcePort: number, payload: Uint8Array) {
  payload[5] = 2;
  return udp({ sourcePort, destinationPort: port, payload });
}

/** The second piece of a TCP packet. Its data are made to look like the header that only the first piece has. */
function laterFragment(traffic: Traffic, first: Uint8Array, lookalike: Uint8Array): Frame {
  const whole = Uint8Array.from([...first, ...lookalike.subarray(0, 24)]);
  return traffic.over4InFragments('data that look like a SYN', segment(6, whole), 24)[1]!;
}
