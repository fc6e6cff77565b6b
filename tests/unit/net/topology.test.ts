import { expect, test } from 'vitest';
import { linksFrom, networkOf, planNetwork } from '../../../grader/kit/network/topology.ts';
import { Random } from '../../../grader/verdict/random.ts';

const plan = {
  hosts: ['client', 'server'],
  routers: ['near', 'far', 'spare'],
  links: [
    ['client', 'near', { delayMs: 10 }],
    ['near', 'far'],
    ['far', 'server'],
    ['near', 'spare'],
    ['spare', 'far'],
  ],
} as const;

const draw = (seed: string) => planNetwork(plan, new Random(seed));

test('every host has a way to every network, by the fewest links and never through a host that does not forward', () => {
  const hosts = draw('12');
  const [client, server, near] = hosts as [(typeof hosts)[0], (typeof hosts)[0], (typeof hosts)[0]];
  const all = new Set(hosts.flatMap(({ interfaces }) => interfaces.map(({ address }) => networkOf(address))));
  expect(all.size).toBe(5);
  for (const { interfaces, routes } of hosts)
    expect(
      new Set([...interfaces.map(({ address }) => networkOf(address)), ...routes.map(({ network }) => network)]),
    ).toEqual(all);
  expect(new Set(client.routes.map(({ via }) => via))).toEqual(new Set([client.interfaces[0]!.peer.address]));
  const toServer = near.routes.find(({ network }) => network === networkOf(server.interfaces[0]!.address));
  expect(toServer?.via).toBe(near.interfaces.find(({ peer }) => peer.host === 'far')!.peer.address);
  expect(client.interfaces[0]).toMatchObject({ name: 'eth0', quality: { delayMs: 10 }, peer: { host: 'near' } });
  expect(near.interfaces.map(({ name }) => name)).toEqual(['eth0', 'eth1', 'eth2']);
});

test('the same seed draws the same network, another one another', () => {
  expect(draw('ab')).toEqual(draw('ab'));
  expect(draw('ab')[0]!.interfaces[0]!.mac).not.toBe(draw('ac')[0]!.interfaces[0]!.mac);
});

test('links are told from the nearer end, in the order in which a frame reaches them', () => {
  const hosts = draw('12');
  expect(linksFrom(hosts[0]!, hosts).map(({ host, link }) => `${host}-${link.peer.host}`)).toEqual([
    'client-near',
    'near-far',
    'near-spare',
    'far-server',
    'far-spare',
  ]);
});

test.each([
  [{ hosts: ['a'], links: [['a', 'b']] }, "A link ends at 'b'"],
  [{ hosts: ['a', 'a'], links: [] }, "'a' is no name for a host, or is that of two"],
  [{ hosts: ['a; reboot'], links: [] }, 'is no name for a host'],
  [{ hosts: ['a'], links: [['a', 'a']] }, 'A link needs two ends'],
] as const)('%j makes no network', (wrong, message) => {
  expect(() => planNetwork(wrong, new Random('1'))).toThrow(message);
});
