/** A real server behind the programs. */
import { type Kit, type Machine, type Program, tcp, Traffic, udp } from '#kit';
import { ends, wrongChecksum, wrongIpChecksum } from './packet.ts';
import { drawServices, type Service, serviceMap } from './service.ts';

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
