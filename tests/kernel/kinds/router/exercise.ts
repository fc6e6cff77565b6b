import { defineChecks, ethernet, evidence, ipv4, udp } from '#kit';

const sent = evidence(async (kit) => {
  const network = await kit.net.network({
    hosts: ['client', 'server'],
    routers: ['router'],
    links: [
      ['client', 'router'],
      ['router', 'server', { delayMs: 5 }],
    ],
  });
  const program = await kit.program('police.bpf.c').only('sched_cls');
  await program.attachTo({ interface: 'eth1', hook: 'tc egress', namespace: network.host('router').namespace });
  const [client, server] = [network.host('client').interfaces[0]!, network.host('server').interfaces[0]!];
  const ports = kit.random.shuffle([
    7777,
    7777,
    7778,
    30_561,
    ...kit.random.several(2, 4, () => kit.random.int(20_000, 30_000)),
  ]);
  const frames = ports.map((destinationPort) =>
    ethernet(
      { source: client.mac, destination: client.peer.mac },
      ipv4(
        { source: client.address, destination: server.address },
        udp({ sourcePort: 4000, destinationPort, payload: kit.random.bytes(20) }),
      ),
    ),
  );
  const arrived = await network.send('client', frames);
  const seen = arrived('server').map(({ frame }) => Buffer.from(frame).readUInt16BE(36));
  return { ports, seen, answers: arrived('client').length };
});

export default defineChecks({
  async drops(kit) {
    const { seen } = await sent(kit);
    kit.expect(!seen.includes(7777), { text: 'A datagram to port 7777 reaches the server.' });
  },
  async passes(kit) {
    const { ports, seen, answers } = await sent(kit);
    const expected = ports.filter((port) => port !== 7777);
    kit.expect.equal(seen.join(' '), expected.join(' '), {
      text: 'Not all other datagrams reach the server, in order.',
    });
    kit.expect(answers > 0, { text: 'Nothing comes back.' });
  },
});
