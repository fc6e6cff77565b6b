/** Connections that get no answer, among others that get one, or a no. */
import { countsOf, parseBpftrace, type BpftraceOutput } from '../../../../grader/checks/bpftrace-output.ts';
import { dial, type Connection, type ConnectionKind } from '../../../../grader/checks/connections.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import type { Kit } from '../../../../grader/checks/kit.ts';
import type { AttachedTo } from '../../../../grader/checks/script.ts';

export const file = 'retransmits.bt';

interface Port {
  port: number;
  kind: ConnectionKind;
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
}

export const watched = evidence(async (kit: Kit): Promise<Watched> => {
  const { random } = kit;
  const running = await kit.script(file).start();
  // Below the range from which the kernel takes the other end's port, and with two different bytes: 2570 is 0x0a0a.
  const free = random.shuffle(Array.from({ length: 20_000 }, (_, i) => 5000 + i).filter((port) => port >> 8 !== (port & 0xff)));
  const kinds: ConnectionKind[] = ['silent', 'silent', 'silent', 'lossy', 'refused', 'refused', 'answered', 'answered'];
  // Two ports with data that is lost would be as good as one: each needs a connection that works first.
  const plan: Connection[] = kinds.flatMap((kind, i) => Array.from({ length: kind === 'lossy' || kind === 'answered' ? 1 : random.int(1, 4) }, () => ({ port: free[i]!, kind })));
  const dialed = await dial(kit, random.shuffle(plan));
  const output = parseBpftrace((await running.stop()).stdout);
  const counts = countsOf(output, '@retransmits');
  const ports = kinds.map((kind, i): Port => {
    const here = dialed.filter(({ port }) => port === free[i]);
    const retransmits = here.reduce((sum, one) => sum + one.retransmits, 0);
    return { port: free[i]!, kind, connections: here.length, retransmits, seen: counts?.get(String(free[i])) ?? 0 };
  });
  return { attached: running.attached, output, counts, ports };
});
