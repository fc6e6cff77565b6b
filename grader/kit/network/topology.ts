/** A network as it is described, with addresses and routes decided: pure, the machine comes later. */
import type { Random } from '../../verdict/random.ts';
import type { Ipv4Address, Mac } from './packets.ts';

export interface NetworkPlan {
  /** Names of hosts, letters and digits; each is the end of at least one link. */
  hosts: readonly string[];
  /** Names of hosts that forward. */
  routers?: readonly string[];
  links: readonly (readonly [a: string, b: string, quality?: LinkQuality])[];
}

/** In both directions, by netem. Chance is the kernel's: --seed does not replay which packets are lost. */
export interface LinkQuality {
  /** Milliseconds, one way. */
  delayMs?: number;
  /** Percent of the packets. */
  lossPercent?: number;
}

export interface Interface {
  /** 'eth0', 'eth1', … in the order of the links. */
  name: string;
  mac: Mac;
  /** In a network of 24 bits, which is the link's own. */
  address: Ipv4Address;
  /** The other end. */
  peer: { host: string; mac: Mac; address: Ipv4Address };
  quality: LinkQuality;
}

export interface PlannedHost {
  name: string;
  forwards: boolean;
  interfaces: Interface[];
  /** Networks that are more than one link away, '10.1.2.0/24', and the neighbour that leads there by the fewest links. */
  routes: { network: string; via: Ipv4Address }[];
}

/** Throws for a plan that makes no network: unknown names, a host without a link, parts that nothing joins. */
export function planNetwork({ hosts, routers = [], links }: NetworkPlan, random: Random): PlannedHost[] {
  const names = [...hosts, ...routers];
  const wrong = names.find((name, index) => !/^[a-z][a-z0-9]{0,14}$/.test(name) || names.indexOf(name) < index);
  if (wrong !== undefined) throw new Error(`'${wrong}' is no name for a host, or is that of two.`);
  const unknown = links.flatMap(([a, b]) => [a, b]).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`A link ends at '${unknown}', which is neither host nor router.`);
  if (links.some(([a, b]) => a === b)) throw new Error('A link needs two ends.');
  const base = `10.${random.int(0, 255)}`;
  const nets = random.shuffle(Array.from({ length: 256 }, (_, index) => index));
  const planned = new Map(
    names.map((name): [string, PlannedHost] => [
      name,
      { name, forwards: routers.includes(name), interfaces: [], routes: [] },
    ]),
  );
  links.forEach(([a, b, quality = {}], index) => {
    const net = `${base}.${nets[index]!}`;
    const ends = [
      { host: a, mac: drawMac(random), address: `${net}.${random.int(1, 100)}` },
      { host: b, mac: drawMac(random), address: `${net}.${random.int(101, 200)}` },
    ] as const;
    for (const [self, peer] of [ends, [ends[1], ends[0]]] as const) {
      const { interfaces } = planned.get(self.host)!;
      interfaces.push({ name: `eth${interfaces.length}`, mac: self.mac, address: self.address, peer, quality });
    }
  });
  for (const host of planned.values()) host.routes = routesFrom(host, planned);
  return [...planned.values()];
}

/** Links in the order in which a frame from a host reaches them: each told from the nearer end. */
export function linksFrom(start: PlannedHost, hosts: readonly PlannedHost[]): { host: string; link: Interface }[] {
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const found: { host: string; link: Interface }[] = [];
  const seen = new Set<string>();
  for (const queue = [start]; queue.length > 0;) {
    const host = queue.shift()!;
    for (const link of host.interfaces) {
      const id = networkOf(link.address);
      if (seen.has(id)) continue;
      seen.add(id);
      found.push({ host: host.name, link });
      queue.push(byName.get(link.peer.host)!);
    }
  }
  return found;
}

export function networkOf(address: Ipv4Address): string {
  return address.replace(/\d+$/, '0/24');
}

/** Breadth first, over hosts that forward: the first way found to a network is the shortest. */
function routesFrom(start: PlannedHost, hosts: ReadonlyMap<string, PlannedHost>): PlannedHost['routes'] {
  const known = new Set(start.interfaces.map(({ address }) => networkOf(address)));
  const routes: PlannedHost['routes'] = [];
  const queue = start.interfaces.map(({ peer }) => ({ host: peer.host, via: peer.address }));
  const visited = new Set([start.name]);
  while (queue.length > 0) {
    const { host, via } = queue.shift()!;
    const { forwards, interfaces } = hosts.get(host)!;
    if (!forwards || visited.has(host)) continue;
    visited.add(host);
    for (const { address, peer } of interfaces) {
      const network = networkOf(address);
      if (!known.has(network)) routes.push({ network, via });
      known.add(network);
      queue.push({ host: peer.host, via });
    }
  }
  return routes;
}

/** 02: locally administered, for one station. */
function drawMac(random: Random): Mac {
  return ['02', ...random.several(5, 5, () => random.int(0, 255).toString(16).padStart(2, '0'))].join(':');
}
