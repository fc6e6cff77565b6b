/** Connections that get no answer, among others that get one, or a no, over both IPv4 and IPv6, and to ports of every size. */
import {
  type AttachedTo,
  type BpftraceOutput,
  type Connection,
  type ConnectionKind,
  countsOf,
  dial,
  evidence,
  type Family,
  type Kit,
  parseBpftrace,
} from '#kit';

export const file = 'retransmits.bt';

interface Port {
  port: number;
  kind: ConnectionKind;
  family: Family;
  connections: number;
  /** What the kernel has counted itself. */
  retransmits: number;
  seen: number;
}

interface Watched {
  attached: AttachedTo[];
  output: BpftraceOutput;
  /** @retransmits, if it is a map of counts with one number as key. */
  counts: Map<string, number> | null;
  ports: Port[];
  /** Keys that are no port of the workload, and what was counted there. */
  strays: [string, number][];
  /** How many of all retransmits were tail loss probes. */
  probes: number;
}

const tries = 5;

export const watched = evidence(async (kit: Kit): Promise<Watched> => {
  for (let left = tries; ; left--) {
    const { disturbed, ...seen } = await watch(kit);
    if (!disturbed) return seen;
    if (left === 1) throw new Error(`In ${tries} tries, connections did not go as planned. ${disturbed}`);
  }
});

async function watch(kit: Kit): Promise<Watched & { disturbed?: string | undefined }> {
  const { random, machine } = kit;
  const running = await kit.script(file).start();
  const plan = planConnections(random);
  const { dialed, probes, disturbed } = await dial(kit, random.shuffle(plan.flatMap(({ connections }) => connections)));
  const output = parseBpftrace((await running.stop()).stdout);
  const counts = countsOf(output, '@retransmits');
  const ports = plan.map(({ port, kind, family, connections }): Port => {
    const here = dialed.filter(({ to }) => to === port);
    const retransmits = here.reduce((sum, one) => sum + one.retransmits, 0);
    return { port, kind, family, connections: connections.length, retransmits, seen: counts?.get(String(port)) ?? 0 };
  });
  // On a machine that is not ours alone, others send as well.
  const known = new Set(ports.map(({ port }) => String(port)));
  const strays =
    machine.info.kind === 'vm' ? [...(counts ?? [])].filter(([key, seen]) => !known.has(key) && seen > 0) : [];
  return { attached: running.attached, output, counts, ports, strays, probes, disturbed };
}

interface PlannedPort {
  port: number;
  kind: ConnectionKind;
  family: Family;
  connections: Connection[];
}

/** Every kind over both families; both ends' ports are small, middling and large, and have two different bytes: 2570 is 0x0a0a. */
function planConnections(random: Kit['random']): PlannedPort[] {
  const ranges = [
    [20, 1023],
    [1024, 32_767],
    [32_768, 65_535],
  ] as const;
  const taken = new Set<number>();
  let turn = 0;
  const port = (): number => {
    const [least, most] = ranges[turn++ % ranges.length]!;
    for (;;) {
      const drawn = random.int(least, most);
      if (taken.has(drawn) || drawn >> 8 === (drawn & 0xff)) continue;
      taken.add(drawn);
      return drawn;
    }
  };
  // One where somebody accepts: several listeners at a port would share what comes.
  const several = { silent: [3, 8], refused: [1, 3] } as const;
  const each = (kind: ConnectionKind, family: Family): PlannedPort => {
    const at = port();
    const [least, most] = several[kind as keyof typeof several] ?? [1, 1];
    const connections = Array.from({ length: random.int(least, most) }, () =>
      // Who is called answers from the port that was called: what is counted is at the caller's.
      kind === 'reply' ? { port: port(), kind, family, source: at } : { port: at, kind, family, source: port() },
    );
    return { port: at, kind, family, connections };
  };
  const kinds: ConnectionKind[] = ['silent', 'lossy', 'recovered', 'closing', 'reply', 'refused', 'answered'];
  return [
    ...kinds.flatMap((kind) => [each(kind, '4'), each(kind, '6')]),
    each('silent', '46'),
    each('lossy', '46'),
    each('silent', '4'),
  ];
}
