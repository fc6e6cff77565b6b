/** Packets to a service and from it, whose addresses and ports must be replaced; and everything near it, which must stay as it is. */
import {
  drawHosts,
  everyProtocolOver4,
  type Frame,
  internetChecksum,
  type Kit,
  type LoadedProgram,
  type Machine,
  type Program,
  segment,
  tcp,
  type TcpFlag,
  Traffic,
  udp,
} from '#kit';

export interface Service {
  outside: string;
  inside: string;
  outsidePort: number;
  insidePort: number;
}

/** What came out of a program for one packet; each is '' or says what is wrong. */
export interface Seen {
  what: string;
  /** Return value, addresses, ports, and all that is no checksum. */
  fields: string;
  ipChecksum: string;
  /** Of TCP or UDP. */
  checksum: string;
}

export type Group = 'rewrites' | 'udp-zero' | 'options' | 'outbound' | 'others';

/** A packet, and its bytes as they must come out, whatever its checksums. */
interface Wanted {
  frame: Frame;
  bytes: Uint8Array;
}

const clientMac = '02:00:00:00:00:01';

/** With several services in turn, in both directions. */
export async function translate(kit: Kit, program: Program): Promise<Map<Group, Seen[]>> {
  const map = await serviceMap(program);
  const [inbound, outbound] = [await program.named('from_clients'), await program.named('to_clients')];
  const seen = new Map<Group, Seen[]>();
  for (const service of drawServices(kit)) {
    await map.set(0, service);
    await runAll(kit, inbound, drawDirection(kit, service, true), seen);
    const { others, ...translated } = drawDirection(kit, service, false);
    await runAll(kit, outbound, { outbound: Object.values(translated).flat(), others }, seen);
  }
  return seen;
}

export interface Live {
  /** How many of the requests were answered, from where the client had sent them to; and what is wrong with an answer. */
  requests: number;
  answered: number;
  wrong: string;
}

/**
 * A real server behind the programs: TCP's SYN-ACK and what a socket sends over UDP. Their checksums are not complete yet where the
 * program sees them, and are completed behind it, as the device has been told to leave it to the kernel.
 */
export async function serve(kit: Kit, program: Program): Promise<Live> {
  const { random, machine } = kit;
  const pair = await kit.net.pair();
  const { namespace, left, right } = pair;
  const service = { ...drawServices(kit)[0]!, inside: right.address };
  await (await serviceMap(program)).set(0, service);
  const off = await machine.run(['nsenter', `--net=${namespace}`, 'ethtool', '-K', 'eth0', 'tx', 'off']);
  if (off.code !== 0) throw new Error(`The device keeps its checksums: ${off.stderr.slice(0, 500)}`);
  const server = await startServer(machine, namespace, service);
  await (await program.named('from_clients')).attachTo({ interface: 'eth0', hook: 'tc ingress', namespace });
  await (await program.named('to_clients')).attachTo({ interface: 'eth0', hook: 'tc egress', namespace });

  const traffic = new Traffic(random, left, { ...right, address: service.outside });
  const ports = Array.from({ length: 8 }, (_, i) => 1024 + 64 * i + random.int(0, 63));
  const requests = ports.map((sourcePort, i) => {
    const fields = { sourcePort, destinationPort: service.outsidePort };
    return i % 2
      ? traffic.over4('UDP', udp({ ...fields, payload: random.bytes(random.int(0, 200)) }))
      : traffic.over4('TCP', tcp({ ...fields, sequence: random.int(0, 2 ** 32 - 1) }));
  });
  const { answers } = await pair.send(requests.map(({ bytes }) => bytes));
  server.write('echo\n');
  if ((await server.line(60_000)) === null) throw new Error('The server behind the program ended.');
  const all = [...answers, ...(await pair.send([])).answers].filter((bytes) => bytes[12] === 8 && bytes[13] === 0);
  server.end();

  const of = (port: number) => all.find((bytes) => new DataView(bytes.buffer, bytes.byteOffset).getUint16(36) === port);
  const wrongs = ports.flatMap((port) => {
    const answer = of(port);
    if (!answer) return [];
    const end = ends(answer);
    const from = `${end.source}:${end.sourcePort}`;
    const wanted = `${service.outside}:${service.outsidePort}`;
    const bad = wrongIpChecksum(answer) || wrongChecksum(answer, answer);
    return from !== wanted
      ? [`An answer comes from ${from}, not from ${wanted}.`]
      : bad
        ? [`In an answer, ${bad}.`]
        : [];
  });
  return { requests: ports.length, answered: ports.filter(of).length, wrong: wrongs[0] ?? '' };
}

async function startServer(machine: Machine, namespace: string, { inside, insidePort }: Service) {
  const script = `
import socket, sys
address = (sys.argv[1], int(sys.argv[2]))
tcp = socket.create_server(address)
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(address)
udp.setblocking(False)
print("ready", flush=True)
for line in sys.stdin:
    try:
        while True:
            udp.sendto(*udp.recvfrom(4096))
    except BlockingIOError:
        print("echoed", flush=True)
`;
  const argv = ['nsenter', `--net=${namespace}`, 'python3', '-c', script, inside, String(insidePort)];
  const server = machine.start(argv, { timeoutMs: 300_000 });
  server.done.catch(() => {}); // whoever reads its next line hears of it
  if ((await server.line(120_000)) !== 'ready') throw new Error('The server behind the program does not start.');
  return server;
}

const serviceMap = async (program: Program) =>
  (await program.map('service')).typed({
    key: 'u32',
    value: { outside: 'ipv4', inside: 'ipv4', outsidePort: 'be16', insidePort: 'be16' },
  });

/** Ports and addresses of every kind: far apart, equal in one part, with bytes of 0 and 255. */
function drawServices({ random }: Kit): Service[] {
  const address = () => [random.int(1, 223), ...random.several(3, 3, () => random.int(0, 255))].join('.');
  const port = () => random.int(1025, 65_000);
  const same = { address: address(), port: port() };
  return [
    { outside: address(), inside: address(), outsidePort: port(), insidePort: port() },
    { outside: '1.0.0.1', inside: '223.255.255.254', outsidePort: 1, insidePort: 65_535 },
    { outside: '223.255.255.254', inside: '10.0.0.1', outsidePort: 65_535, insidePort: 80 },
    { outside: same.address, inside: same.address, outsidePort: port(), insidePort: port() },
    { outside: address(), inside: address(), outsidePort: same.port, insidePort: same.port },
  ];
}

function drawDirection(kit: Kit, service: Service, isInbound: boolean): Record<Exclude<Group, 'outbound'>, Wanted[]> {
  const { random } = kit;
  const [client] = drawHosts(random);
  const { outside, inside, outsidePort, insidePort } = service;
  const [here, port] = isInbound ? [outside, outsidePort] : [inside, insidePort];
  const [there, otherPort] = isInbound ? [inside, insidePort] : [outside, outsidePort];
  const remote = { address: client.address, port: random.int(1, 65_535) };
  const host = (address: string) => ({ mac: clientMac, address });
  /** Packets between a client and one end of the service, in this direction. */
  const between = (address: string) =>
    isInbound
      ? new Traffic(random, host(remote.address), host(address))
      : new Traffic(random, host(address), host(remote.address));
  const ports = (own: number) =>
    isInbound ? { sourcePort: remote.port, destinationPort: own } : { sourcePort: own, destinationPort: remote.port };
  const traffic = between(here);
  const over = (protocol: 'TCP' | 'UDP', payload: Uint8Array, own = port, flags: TcpFlag[] = ['ack']) =>
    protocol === 'TCP'
      ? tcp({ ...ports(own), flags, payload, sequence: random.int(0, 2 ** 32 - 1) })
      : udp({ ...ports(own), payload });
  const data = () => random.bytes(random.int(0, 60));
  const wanted = (frame: Frame): Wanted => ({ frame, bytes: replaced(frame.bytes, there, otherPort, isInbound) });
  const both = (make: (protocol: 'TCP' | 'UDP') => Frame[]) => (['TCP', 'UDP'] as const).flatMap(make);
  /** A packet whose checksum is 0 as it is sent, or will be once the other end is in its place. */
  const zero = (protocol: 'TCP' | 'UDP', when: 'before' | 'after'): Frame => {
    const build = (payload: Uint8Array, at: { traffic: Traffic; port: number }) => {
      const made = protocol === 'TCP' ? tcp({ ...ports(at.port), payload }) : udp({ ...ports(at.port), payload });
      return at.traffic.over4(`${protocol} whose checksum is 0 ${when} the translation`, made);
    };
    const payload = Uint8Array.from([0, 0, ...random.bytes(8)]);
    const at = when === 'before' ? { traffic, port } : { traffic: between(there), port: otherPort };
    const checksum = readChecksum(build(payload, at).bytes);
    payload.set([checksum >> 8, checksum & 0xff]);
    return build(payload, { traffic, port });
  };
  const withoutChecksum = (frame: Frame): Frame => {
    const bytes = Uint8Array.from(frame.bytes);
    bytes.set([0, 0], layout(bytes).checksumAt);
    return { what: `${frame.what}, without a checksum`, bytes };
  };

  const rewrites = [
    ...both((protocol) =>
      [0, 1, 2, 7, 100, 999, 1452].map((length) =>
        traffic.over4(`${protocol} with ${length} bytes of data`, over(protocol, random.bytes(length))),
      ),
    ),
    ...(
      [[], ['syn'], ['syn', 'ack'], ['fin', 'ack'], ['rst'], ['psh', 'ack', 'urg', 'ece', 'cwr']] satisfies TcpFlag[][]
    ).map((flags) =>
      traffic.over4(`TCP, ${flags.join(' ').toUpperCase() || 'no flags'}`, over('TCP', data(), port, flags)),
    ),
    zero('TCP', 'before'),
    zero('TCP', 'after'),
    traffic.over4('TCP that must not be cut', over('TCP', data()), { dontFragment: true, ttl: 1, tos: 0xff }),
  ];
  const options = both((protocol) =>
    [4, 20, 40].map((length) => {
      const bytes = Uint8Array.from({ length }, (_, i) => (length === 4 ? 1 : ([30, length][i] ?? 6)));
      return traffic.over4(`${protocol} with ${length} bytes of options`, over(protocol, data()), { options: bytes });
    }),
  );
  const noChecksum = [0, 1, 40].map((length) =>
    withoutChecksum(traffic.over4('UDP', over('UDP', random.bytes(length)))),
  );

  const plain = () => both((protocol) => [traffic.over4(`${protocol}, as what is translated`, over(protocol, data()))]);
  const elsewhere = [1, 2, 2 ** 8, 2 ** 16, 2 ** 31].map((bit) => flipped(here, bit));
  const neighbours = [port ^ 1, port ^ 0x8000, ((port & 0xff) << 8) | (port >> 8)].filter((one) => one !== port);
  /** The other way: what only the other program may touch, and what neither may. */
  const reverse = (protocol: 'TCP' | 'UDP') =>
    [
      { address: outside, port: outsidePort },
      { address: inside, port: insidePort },
    ].map((end) => {
      const [from, to] = isInbound ? [end, remote] : [remote, end];
      const turned = { sourcePort: from.port, destinationPort: to.port, payload: data() };
      const made = protocol === 'TCP' ? tcp(turned) : udp(turned);
      const what = `${protocol} in the opposite direction`;
      return new Traffic(random, host(from.address), host(to.address)).over4(what, made);
    });
  const others: Frame[] = [
    ...both((protocol) => [
      ...elsewhere.map((address) => between(address).over4(`${protocol} of ${address}`, over(protocol, data()))),
      ...neighbours.map((own) => traffic.over4(`${protocol} of port ${own}`, over(protocol, data(), own))),
      ...reverse(protocol),
      ...traffic.over4InFragments(protocol, over(protocol, random.bytes(60)), 24),
      // A later piece whose first bytes look like the ports.
      ...[1, 2 ** random.int(1, 12)].map((fragmentOffset) =>
        traffic.over4(`a later fragment of ${protocol}`, over(protocol, data()), { fragmentOffset }),
      ),
      traffic.over4(`the first fragment of ${protocol}`, over(protocol, data()), { moreFragments: true }),
      ...traffic.over4ByOtherProtocols(protocol, over(protocol, random.bytes(30))),
    ]),
    ...plain().flatMap((frame) => [...traffic.withOtherEtherTypes(frame), traffic.tagged(frame)]),
    ...both((protocol) => {
      const frame = traffic.over4(protocol, over(protocol, new Uint8Array()));
      return [14, 20, 33, 34, 36, 38, 40, 41, 42, 50, 52, 53]
        .filter((length) => length < frame.bytes.length)
        .map((length) => traffic.cut(frame, length));
    }),
    // Once is enough for what does not depend on the service.
    ...(outsidePort === 1 ? everyProtocolOver4(random, traffic, [6, 17]) : []),
    traffic.over4('ICMP', segment(1, random.bytes(40))),
    traffic.ipv6('TCP'),
    traffic.ipv6('UDP'),
    traffic.arp(),
  ];
  return {
    rewrites: rewrites.map(wanted),
    options: options.map(wanted),
    'udp-zero': [...noChecksum, zero('UDP', 'after')].map(wanted),
    others: others.map((frame) => ({ frame, bytes: frame.bytes })),
  };
}

async function runAll(
  kit: Kit,
  program: LoadedProgram,
  groups: Partial<Record<Group, Wanted[]>>,
  seen: Map<Group, Seen[]>,
): Promise<void> {
  const all = kit.random.shuffle(
    (Object.entries(groups) as [Group, Wanted[]][]).flatMap(([group, some]) => some.map((one) => ({ group, ...one }))),
  );
  const runs = await program.runEach(all.map(({ frame }) => frame.bytes));
  for (const [i, { group, frame, bytes }] of all.entries())
    seen.set(group, [...(seen.get(group) ?? []), compare(frame, bytes, runs[i]!)]);
}

function compare(frame: Frame, wanted: Uint8Array, { retval, data }: { retval: number; data: Uint8Array }): Seen {
  const { what, bytes } = frame;
  const translated = wanted !== bytes;
  const same = Buffer.from(data).equals(wanted);
  if (retval !== 0) return { what, fields: `returned ${retval}, not TC_ACT_OK`, ipChecksum: '', checksum: '' };
  if (!translated) return { what, fields: same ? '' : 'came out with other bytes', ipChecksum: '', checksum: '' };
  const masked = Buffer.from(data).equals(bytes) ? 'came out as it went in' : differs(wanted, data);
  return {
    what,
    fields: withoutChecksums(data, wanted) === withoutChecksums(wanted, wanted) ? '' : masked,
    ipChecksum: wrongIpChecksum(data),
    checksum: wrongChecksum(data, bytes),
  };
}

function differs(wanted: Uint8Array, data: Uint8Array): string {
  if (data.length !== wanted.length) return `came out with ${data.length} bytes instead of ${wanted.length}`;
  const [is, must] = [ends(data), ends(wanted)];
  const words = ({ source, sourcePort, destination, destinationPort }: typeof is) =>
    `${source}:${sourcePort} to ${destination}:${destinationPort}`;
  return words(is) === words(must)
    ? 'came out with other bytes than it must'
    : `goes from ${words(is)}, not from ${words(must)}`;
}

/** Where the inner header begins, and where its checksum is. */
function layout(bytes: Uint8Array): { inner: number; checksumAt: number } {
  const inner = 14 + 4 * (bytes[14]! & 0xf);
  return { inner, checksumAt: inner + (bytes[23] === 6 ? 16 : 6) };
}

function readChecksum(bytes: Uint8Array): number {
  const { checksumAt } = layout(bytes);
  return (bytes[checksumAt]! << 8) | bytes[checksumAt + 1]!;
}

function withoutChecksums(bytes: Uint8Array, like: Uint8Array): string {
  const copy = Uint8Array.from(bytes);
  const { checksumAt } = layout(like);
  for (const at of [24, checksumAt]) copy.fill(0, at, at + 2);
  return Buffer.from(copy).toString('latin1');
}

/** The address and port of the other end put in; checksums as they were. */
function replaced(frame: Uint8Array, address: string, port: number, isInbound: boolean): Uint8Array {
  const bytes = Uint8Array.from(frame);
  bytes.set(address.split('.').map(Number), isInbound ? 30 : 26);
  bytes.set([port >> 8, port & 0xff], layout(frame).inner + (isInbound ? 2 : 0));
  return bytes;
}

function wrongIpChecksum(bytes: Uint8Array): string {
  return internetChecksum(bytes.subarray(14, layout(bytes).inner)) === 0
    ? ''
    : 'the checksum of the IP header is wrong';
}

/** `sent`: as it went in. Only UDP says 0 for 'no checksum', and then it stays so; else 0 is sent as 0xffff. */
function wrongChecksum(bytes: Uint8Array, sent: Uint8Array): string {
  const isUdp = bytes[23] === 17;
  const [before, after] = [readChecksum(sent), readChecksum(bytes)];
  const shown = `0x${after.toString(16).padStart(4, '0')}`;
  if (isUdp && before === 0) return after === 0 ? '' : `it had no checksum, and now has ${shown}`;
  if (isUdp && after === 0) return 'its checksum is gone: 0 says that there is none';
  const { inner } = layout(bytes);
  const covered = bytes.subarray(inner);
  const pseudo = [...bytes.subarray(26, 34), 0, bytes[23]!, covered.length >> 8, covered.length & 0xff];
  const sum = internetChecksum(Uint8Array.from([...pseudo, ...covered]));
  return sum === 0 ? '' : `the checksum of ${isUdp ? 'UDP' : 'TCP'} is wrong`;
}

function ends(bytes: Uint8Array) {
  const { inner } = layout(bytes);
  const view = Buffer.from(bytes);
  return {
    source: bytes.subarray(26, 30).join('.'),
    destination: bytes.subarray(30, 34).join('.'),
    sourcePort: view.readUInt16BE(inner),
    destinationPort: view.readUInt16BE(inner + 2),
  };
}

/** The same address with one bit, counted from the last, turned round. */
function flipped(address: string, bit: number): string {
  const number = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return [24, 16, 8, 0].map((shift) => ((number ^ bit) >>> shift) & 0xff).join('.');
}
