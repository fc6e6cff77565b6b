/** Services of every kind, and connections to them and close by them: drawn for each grading, with every edge in each of them. */
import type { Kit } from '#kit';
import {
  type Asked,
  type CheckName,
  type Endpoint,
  type Phase,
  type Protocol,
  Rows,
  type Service,
  type Worker,
} from './rows.ts';

const insiders: readonly Worker[] = ['web', 'below', 'user', 'cpu0', 'cpu1', 'thread', 'fresh'];

export function drawPhases({ random }: Kit): Phase[] {
  const draw = drawing(random);
  const { low, high, any } = draw;
  const rows = new Rows();
  const serve = (protocol: Protocol, at: Endpoint, to: readonly Endpoint[], id = draw.id()): Service => {
    rows.fill(id, to);
    return rows.put({ protocol, at, id, count: to.length });
  };

  const plain = serve('tcp', low(), [high()]);
  const far = serve('tcp', high(), [low()]);
  const port = any().port;
  const samePort = serve('tcp', { address: low().address, port }, [{ address: high().address, port }]);
  const address = any().address;
  const sameAddress = serve('tcp', { address, port: low().port }, [{ address, port: high().port }]);
  const lowest = serve('tcp', { ...any(), port: 1 }, [{ ...any(), port: 65_535 }], 0);
  const highest = serve('tcp', { ...any(), port: 65_535 }, [{ ...any(), port: 1 }], 2 ** 32 - 1);
  const twin = rows.put({ ...plain, at: any() });
  const sibling = serve('tcp', { ...plain.at, port: any().port }, [any()]);
  // Where it leads to is a service as well, and no business of the program's.
  const chained = serve('tcp', any(), [far.at]);
  const toItself = serve('tcp', low(), []);
  rows.fill(toItself.id, [toItself.at]);
  rows.put({ ...toItself, count: 1 });

  const udpOnly = serve('udp', any(), [any()]);
  const alsoUdp = serve('udp', plain.at, [any()]);

  const [none, noneUdp, noRows] = [serve('tcp', any(), []), serve('udp', any(), []), serve('udp', any(), [])];
  for (const { id } of [none, noneUdp]) rows.fill(id, [any(), any()]); // left over from when it had some
  rows.put({ ...noRows, count: 3 });

  const many = [2, 3, 5].map((count) => {
    const service = serve('udp', any(), random.several(count, count, any));
    rows.fill(service.id, [any(), any()], count); // left over as well
    return service;
  });
  // Of so many backends, user space has written two so far: a count that is cut off would always find one of them.
  const unfinished = [2 ** 8 + 2, 2 ** 16 + 2, 2 ** 31 + 2].map((count) =>
    rows.put({ ...serve('udp', any(), [any(), any()]), count }),
  );
  const shortLived = serve('udp', any(), [any(), any()]);

  const stranger = any();
  const asked: Asked[] = [];
  const ask = (check: CheckName, what: string, by: Worker, protocol: Protocol, to: Endpoint, again?: true): Asked => {
    const one = { check, what, by, protocol, to, ...(again && { again }) };
    asked.push(one);
    return one;
  };
  const someone = (): Worker => random.pick(insiders);
  const share = (what: string, service: Service, by: readonly Worker[], times: number) => ({
    what,
    connections: by.flatMap((worker) =>
      random.several(times, times, () => ask('spreads', what, worker, service.protocol, service.at)),
    ),
  });

  for (const by of insiders) ask('redirects', 'a service', by, 'tcp', plain.at);
  for (const [what, { at }] of [
    ['a service with a high address and port', far],
    ['a service whose backend has the same port', samePort],
    ['a service whose backend has the same address', sameAddress],
    ['a service at port 1', lowest],
    ['a service at port 65535', highest],
    ['a service that shares its backends with another', twin],
    ['another service at the same address', sibling],
    ['a service whose backend is at the address of another service', chained],
    ['a service whose backend is at its own address', toItself],
  ] as const)
    ask('redirects', what, someone(), 'tcp', at);
  ask('redirects', 'a service', 'outside', 'tcp', plain.at);

  for (const by of [someone(), 'below'] as const) {
    ask('protocols', 'a service for UDP', by, 'udp', udpOnly.at);
    ask('protocols', 'a service for UDP that has its address and port in common with one for TCP', by, 'udp', plain.at);
    ask('protocols', 'a service for TCP that has its address and port in common with one for UDP', by, 'tcp', plain.at);
    ask('protocols', 'the address and port of a service for TCP', by, 'udp', far.at);
    for (const { at } of [udpOnly, far, plain]) ask('protocols', 'the address and port of a service', by, 'ping', at);
  }
  ask('protocols', 'the address and port of a service for UDP', 'web', 'tcp', udpOnly.at);
  ask('protocols', 'a service for UDP', 'outside', 'udp', udpOnly.at);

  for (const { protocol, at } of [plain, udpOnly])
    for (const to of random.shuffle(neighbours(at)))
      if (!rows.wanted({ protocol, to }).isService)
        ask('others', 'an address and port beside those of a service', someone(), protocol, to);
  for (const service of [plain, far, udpOnly])
    ask(
      'others',
      'a backend itself',
      someone(),
      service.protocol,
      rows.wanted({ ...service, to: service.at }).wanted[0]!,
    );
  for (const protocol of ['tcp', 'udp'] as const) {
    ask('others', 'the address of one service at the port of another', someone(), protocol, {
      ...far.at,
      port: sibling.at.port,
    });
    ask('others', 'something else', someone(), protocol, stranger);
    ask('others', 'something else on this machine', someone(), protocol, { address: '127.0.0.1', port: stranger.port });
  }
  // One socket, to a service, elsewhere, and back.
  ask('protocols', 'a service for UDP', 'web', 'udp', udpOnly.at);
  ask('others', 'something else, by a socket that was connected to a service before', 'web', 'udp', stranger, true);
  ask('protocols', 'a service for UDP, by a socket that was connected before', 'web', 'udp', alsoUdp.at, true);

  const shares = [
    share('two backends', many[0]!, ['web'], 80),
    share('three backends, from both CPUs', many[1]!, ['cpu0', 'cpu1'], 60),
    share('five backends, from several cgroups', many[2]!, ['web', 'below'], 100),
    share('two backends, from a process for each connection', shortLived, ['fresh'], 22),
  ];

  for (const by of [someone(), 'web'] as const) {
    ask('empty', 'a service that has no backend', by, 'tcp', none.at);
    ask('empty', 'a service that has no backend', by, 'udp', noneUdp.at);
    ask('empty', 'a service whose backends have no rows', by, 'udp', noRows.at);
  }
  for (const { at } of unfinished)
    for (let times = 0; times < 12; times++)
      ask('empty', 'a service of many backends, most of which have no rows', 'web', 'udp', at);
  const first: Phase = { rows, asked, shares };
  return [first, ...drawChanges()];

  /** The same processes go on, with other rows. */
  function drawChanges(): Phase[] {
    const changed = rows.copy();
    changed.fill(plain.id, [any()]);
    const moved = { ...far, id: draw.id() };
    changed.fill(moved.id, [any()]);
    changed.put(moved);
    changed.remove(samePort);
    changed.put({ ...sameAddress, count: 0 });
    changed.put({ ...none, count: 2 });
    changed.fill(none.id, [any(), any()]);
    const added = changed.put({ protocol: 'tcp', at: stranger, id: draw.id(), count: 1 });
    changed.fill(added.id, [any()]);
    const [two, three, five] = many as [Service, Service, Service];
    changed.fill(two.id, random.several(2, 2, any));
    changed.put({ ...three, count: 6 });
    changed.fill(three.id, random.several(3, 3, any), 3);
    changed.put({ ...five, count: 2 });
    for (let slot = 2; slot < 7; slot++) changed.empty(five.id, slot);

    // All are gone, but for one that has come back.
    const gone = changed.copy();
    gone.services.clear();
    gone.put(samePort);
    gone.fill(samePort.id, [any()]);

    const watched = [
      ['a service whose backend was replaced', plain],
      ['a service that shares its backends with another', twin],
      ['a service that was moved to other backends', far],
      ['a service that was deleted', samePort],
      ['a service that has lost its backend', sameAddress],
      ['a service that has got backends', none],
      ['a service that was added', added],
      ['a service whose backends were replaced', two],
      ['a service for UDP', udpOnly],
    ] as const;
    const after = (now: Rows, name: string): Phase => {
      const phase: Asked[] = watched.flatMap(([what, { protocol, at }]) =>
        (['web', someone()] as const).map((by) => ({ check: 'changes', what: `${what}${name}`, by, protocol, to: at })),
      );
      return { rows: now, asked: phase, shares: [] };
    };
    const one = after(changed, '');
    const grown = (what: string, { protocol, at }: Service, times: number) => ({
      what,
      connections: Array.from({ length: times }, () => {
        const connection: Asked = { check: 'changes', what, by: 'web', protocol, to: at };
        one.asked.push(connection);
        return connection;
      }),
    });
    one.shares.push(
      grown('three backends that have become six', three, 240),
      grown('five backends that have become two', five, 80),
    );
    return [one, after(gone, ', when all services but one are deleted')];
  }
}

/** Addresses and ports that differ in little. */
function neighbours({ address, port }: Endpoint): Endpoint[] {
  const parts = address.split('.').map(Number);
  const ports = [port - 1, port + 1, port ^ 0x100, port ^ 0x8000, ((port & 0xff) << 8) | (port >> 8)];
  const others = [0, 1, 2, 3].flatMap((at) => [1, 128].map((bit) => parts.with(at, parts[at]! ^ bit)));
  return [
    ...ports.filter((one) => one > 0 && one < 2 ** 16).map((one) => ({ address, port: one })),
    ...[...others, parts.toReversed()]
      .filter(([first]) => first! > 0 && first! < 224)
      .map((one) => ({ address: one.join('.'), port })),
  ];
}

/** Nothing comes twice. The bytes of a port differ, and so do those of an address at its ends. */
function drawing(random: Kit['random']) {
  const drawn = new Set<number | string>();
  const once = <T extends number | string>(make: () => T): T => {
    for (;;) {
      const one = make();
      if (drawn.has(one)) continue;
      drawn.add(one);
      return one;
    }
  };
  const endpoint = (first: [number, number], port: [number, number]): Endpoint => ({
    address: once(() => [random.int(...first), random.int(0, 255), random.int(0, 255), random.int(224, 254)].join('.')),
    port: once(() => random.int(...port) * 256 + random.pick([...Array(256).keys()].slice(2))),
  });
  const low = () => endpoint([1, 126], [4, 127]);
  const high = () => endpoint([128, 223], [128, 254]);
  return { low, high, any: () => random.pick([low, high])(), id: () => once(() => random.int(2 ** 16, 2 ** 32 - 2)) };
}
