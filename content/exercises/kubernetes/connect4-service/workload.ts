/**
 * Processes that connect to services, and close by them. In their network namespace every address is the machine's own, so a connection
 * succeeds wherever it is sent, and the kernel says of each socket where that was.
 */
import type { BpfMap, Kit, Program } from '#kit';
import { connectScript } from './connect.ts';
import { drawPhases } from './phases.ts';
import {
  type Asked,
  type CheckName,
  type Endpoint,
  type Phase,
  Rows,
  type Service,
  type Wanted,
  type Worker,
} from './rows.ts';

export interface Told extends Asked, Wanted {
  errno: number;
  /** Where it went, if it went anywhere. */
  peer: Endpoint | undefined;
}

export interface Share {
  check: CheckName;
  what: string;
  connections: number;
  /** Of each backend. */
  shares: number[];
}

export interface Evidence {
  told(check: CheckName): Told[];
  shares: Share[];
  /** What the program has changed in the maps; '' if nothing. */
  changed: string;
}

/** As sockets call them. */
const protocols = { tcp: 6, udp: 17, ping: 1 };

export async function connectAll(kit: Kit, program: Program): Promise<Evidence> {
  const { random, machine } = kit;
  const [web, deeper, deepest] = [random.name(), random.name(), random.name()];
  const [inside, below] = await kit.cgroups.make([web, `${web}/${deeper}/${deepest}`]);
  const maps = { services: await program.map('services'), backends: await program.map('backends') };
  const toBackend = await program.named('to_backend');
  const phases = drawPhases(kit);
  // In a network namespace of their own.
  const argv = ['unshare', '--net', 'python3', '-I', '-S', '-c', connectScript];
  const running = machine.start(argv, { timeoutMs: 600_000 });
  running.done.catch(() => {}); // the next line tells
  const user = String(random.int(1000, 60_000));
  const told: Told[] = [];
  const shares: Share[] = [];
  let changed = '';
  try {
    running.write(`${inside} ${below}\n`);
    await say([...new Set(phases.flatMap(portsOf))].join(' '));
    await toBackend.attachTo({ cgroup: inside });
    let before = new Rows();
    for (const { rows, asked, shares: parts } of phases) {
      await write(maps, before, rows);
      before = rows;
      const ends = (await say(inOrder(asked, user))).split(', ');
      if (ends.length !== asked.length) throw new Error(`${ends.length} of ${asked.length} connections are told.`);
      const now = asked.map((one, index): Told => ({ ...one, ...rows.wanted(one), ...readEnd(ends[index]!) }));
      // What also happens without the program says nothing about it.
      const stray = now.find(({ by, to, peer }) => by === 'outside' && !(peer && same(peer, to)));
      if (stray)
        throw new Error(`Outside of the cgroup, a connection to ${stray.what} ends with errno ${stray.errno}.`);
      told.push(...now.filter(({ by }) => by !== 'outside'));
      shares.push(...parts.map((part) => share(part, now, asked)));
      changed ||= await differs(maps, rows);
    }
  } finally {
    running.end();
  }
  return { told: (check) => told.filter((one) => one.check === check), shares, changed };

  async function say(line: string): Promise<string> {
    running.write(`${line}\n`);
    const answer = await running.line(120_000);
    if (answer === null) throw new Error(`The connecting processes ended: ${(await running.done).stderr.slice(-500)}`);
    return answer;
  }
}

/** Which process connects, and how. The first one is in no cgroup of ours. */
const workers: Record<Worker, readonly [process: number, how: string]> = {
  outside: [0, 'plainly'],
  web: [1, 'plainly'],
  cpu0: [1, 'cpu0'],
  cpu1: [1, 'cpu1'],
  thread: [1, 'thread'],
  fresh: [1, 'fork'],
  user: [1, 'user'],
  below: [2, 'plainly'],
};

/** As the script takes them; what comes several times in a row is said once. */
function inOrder(asked: readonly Asked[], user: string): string {
  const parts: { process: number; runs: { words: string; times: number }[] }[] = [];
  for (const { by, protocol, to, again } of asked) {
    const [process, how] = workers[by];
    if (parts.at(-1)?.process !== process) parts.push({ process, runs: [] });
    const { runs } = parts.at(-1)!;
    const words = `${how === 'user' ? user : how} ${again ? 1 : 0} ${protocols[protocol]} ${to.address} ${to.port}`;
    if (runs.at(-1)?.words === words) runs.at(-1)!.times += 1;
    else runs.push({ words, times: 1 });
  }
  return parts
    .map(({ process, runs }) => `${process}: ${runs.map(({ words, times }) => `${words} ${times}`).join(', ')}`)
    .join('; ');
}

export const same = (a: Endpoint, b: Endpoint): boolean => a.address === b.address && a.port === b.port;

/** '0 10.0.0.1 80', or '111' alone. */
function readEnd(text: string): Pick<Told, 'errno' | 'peer'> {
  const [, errno, address, port] = /^(\d{1,4})(?: (\d{1,3}(?:\.\d{1,3}){3}) (\d{1,5}))?$/.exec(text) ?? [];
  if (!errno) throw new Error(`The connecting processes said ${JSON.stringify(text.slice(0, 100))}.`);
  return { errno: Number(errno), peer: address ? { address, port: Number(port) } : undefined };
}

/** Servers wait at all ports that a connection may be sent to, also with their bytes the wrong way round. */
function portsOf({ rows, asked }: Phase): number[] {
  const ports = [...rows.backends.values()].map(({ to }) => to.port);
  const swapped = ports.map((port) => ((port & 0xff) << 8) | (port >> 8));
  return [...ports, ...swapped, ...asked.filter(({ protocol }) => protocol === 'tcp').map(({ to }) => to.port)];
}

function share({ what, connections }: Phase['shares'][number], now: Told[], asked: Asked[]): Share {
  const mine = new Set(connections);
  const all = now.filter((_, index) => mine.has(asked[index]!));
  const { check, wanted } = all[0]!;
  const shares = wanted.map((one) => all.filter(({ peer }) => peer && same(one, peer)).length);
  return { check, what, connections: all.length, shares };
}

interface Maps {
  services: BpfMap;
  backends: BpfMap;
}

const typed = ({ services, backends }: Maps) => ({
  services: services.typed({
    key: { address: 'ipv4', port: 'be16', protocol: 'u16' },
    value: { id: 'u32', backends: 'u32' },
  }),
  backends: backends.typed({ key: { service: 'u32', slot: 'u32' }, value: { address: 'ipv4', port: 'be16' } }),
});

const keyOf = ({ protocol, at }: Service) => ({ ...at, protocol: protocols[protocol] });
const rowOf = (key: object, value: object): string => `${JSON.stringify(key)} = ${JSON.stringify(value)}`;
const differ = (one: object | undefined, other: object): boolean => JSON.stringify(one) !== JSON.stringify(other);

/** As user space does it: the rows of backends come before a service that counts them, and go after it. */
async function write(maps: Maps, before: Rows, after: Rows): Promise<void> {
  const { services, backends } = typed(maps);
  for (const [name, row] of after.backends)
    if (differ(before.backends.get(name), row)) await backends.set({ service: row.id, slot: row.slot }, row.to);
  for (const [name, row] of after.services)
    if (differ(before.services.get(name), row)) await services.set(keyOf(row), { id: row.id, backends: row.count });
  // A program may have deleted a row already.
  for (const [name, row] of before.services)
    if (!after.services.has(name) && (await services.get(keyOf(row)))) await services.delete(keyOf(row));
  for (const [name, { id: service, slot }] of before.backends)
    if (!after.backends.has(name) && (await backends.get({ service, slot }))) await backends.delete({ service, slot });
}

/** What the maps hold that nobody has written; '' if nothing. */
async function differs(maps: Maps, rows: Rows): Promise<string> {
  const { services, backends } = typed(maps);
  const wanted = new Set([
    ...[...rows.services.values()].map((row) => rowOf(keyOf(row), { id: row.id, backends: row.count })),
    ...[...rows.backends.values()].map(({ id, slot, to }) => rowOf({ service: id, slot }, to)),
  ]);
  const found = [...(await services.entries()), ...(await backends.entries())].map(([key, value]) => rowOf(key, value));
  const strange = found.find((row) => !wanted.has(row));
  for (const row of found) wanted.delete(row);
  const [missing] = wanted;
  return [missing && `The row ${missing} is gone.`, strange && `There is a row ${strange}.`].filter(Boolean).join(' ');
}
