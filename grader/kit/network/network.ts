/** Networks of any number of hosts: the other end of environment/guest/network.c. */
import { z } from 'zod';
import type { Machine, Running, RunOptions, RunResult } from '../../machine/machine.ts';
import type { Random } from '../../verdict/random.ts';
import { Unsupported } from '../../verdict/failure.ts';
import { machineHex, machineText, parseLine } from '../guest/hostile.ts';
import { arp, ethernet } from './packets.ts';
import { type Interface, linksFrom, type NetworkPlan, type PlannedHost, planNetwork } from './topology.ts';

export interface NetworkHost extends PlannedHost {
  /** Path of its network namespace on the machine: for `attachTo`, `nsenter`, `kit.processes`. */
  namespace: string;
}

/** A frame that got past XDP and tc at an interface. */
export interface Arrival {
  interface: string;
  frame: Uint8Array;
}

/**
 * Hosts in namespaces of their own, with the routes that lead everywhere; gone when the grading ends.
 *
 * ```ts
 * const network = await kit.net.network({
 *   hosts: ['client', 'server'],
 *   routers: ['router'],
 *   links: [['client', 'router', { delayMs: 20 }], ['router', 'server']],
 * });
 * const { namespace } = network.host('router');
 * await program.attachTo({ interface: 'eth1', hook: 'tc egress', namespace });
 * const arrived = await network.send('client', frames);
 * expect(arrived('server')).toHaveLength(3);
 * ```
 */
export class Network {
  readonly hosts: readonly NetworkHost[];
  readonly #machine: Machine;
  readonly #process: Running;
  readonly #random: Random;
  /** By host and interface, in the order in which the process numbers them. */
  readonly #interfaces: readonly { host: string; interface: Interface }[];

  private constructor(machine: Machine, process: Running, random: Random, hosts: readonly NetworkHost[]) {
    this.#machine = machine;
    this.#process = process;
    this.#random = random;
    this.hosts = hosts;
    this.#interfaces = hosts.flatMap((host) => host.interfaces.map((one) => ({ host: host.name, interface: one })));
  }

  static async create(machine: Machine, tool: string, random: Random, plan: NetworkPlan): Promise<Network> {
    const planned = planNetwork(plan, random);
    const process = machine.start([tool], { timeoutMs: 600_000, maxOutputBytes: 256 * 2 ** 20 });
    process.done.catch(() => {}); // whoever asks next hears of it
    try {
      const hosts: NetworkHost[] = [];
      for (const host of planned) hosts.push({ ...host, namespace: (await ask(process, 'host', newHost)).namespace });
      const network = new Network(machine, process, random, hosts);
      await network.#setUp();
      return network;
    } catch (error) {
      process.signal(9);
      throw error;
    }
  }

  host(name: string): NetworkHost {
    const found = this.hosts.find((host) => host.name === name);
    if (!found) throw new Error(`The network has no host ${name}.`);
    return found;
  }

  /** Runs a command on a host to its end; everything but the network is the machine's. */
  run(host: string, argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return this.#machine.run(this.on(host, argv), options);
  }

  /** The command that runs `argv` on a host, for `machine.start`. */
  on(host: string, argv: readonly string[]): string[] {
    return ['nsenter', `--net=${this.host(host).namespace}`, ...argv];
  }

  /**
   * Sends frames (from their Ethernet header on) out of a host's interface, 'eth0' if left out, in their order, and waits until all of
   * them and the answers to them have got as far as they get. Then tells what arrived at a host since the last time; grouped by
   * EtherType, in order within each. Throws if ARP requests get no answer: programs on the way must let them through.
   */
  async send(
    from: string,
    frames: readonly Uint8Array[],
    { interface: name = 'eth0' }: { interface?: string } = {},
  ): Promise<(host: string) => Arrival[]> {
    const number = this.#number(from, name);
    if (frames.length > 0) await ask(this.#process, `send ${number} ${frames.map(hex).join(' ')}`, done);
    return this.settle(from);
  }

  /** The same for what other processes have sent from a host. */
  async settle(from: string): Promise<(host: string) => Arrival[]> {
    const links = linksFrom(this.host(from), this.hosts);
    const markers = new Set<string>();
    // Out to all ends, and the answers back: on each link a marker follows what was sent before.
    for (const { host, link } of links) markers.add(await this.#follow(host, link));
    for (const { link } of links.toReversed()) markers.add(await this.#followBack(link));
    const { interfaces, lost } = await ask(this.#process, 'collect', collected);
    if (lost) throw new Error('A socket of the network overflowed.');
    const arrivals = new Map<string, Arrival[]>(this.hosts.map(({ name }) => [name, []]));
    this.#interfaces.forEach(({ host, interface: { name } }, index) => {
      for (const frame of interfaces[index] ?? [])
        if (!isMarker(frame, markers)) arrivals.get(host)!.push({ interface: name, frame });
    });
    return (host) => arrivals.get(this.host(host).name)!;
  }

  close(): void {
    this.#process.end();
    this.#process.signal(9);
  }

  async #setUp(): Promise<void> {
    const script = this.hosts.map((host) => this.#hostScript(host)).join('\n');
    const made = await this.#machine.run(['sh', '-ec', `${script}\n${this.#bringUp()}`], { timeoutMs: 120_000 });
    if (/Unknown device type|qdisc kind is unknown|Specified qdisc/.test(made.stderr))
      throw new Unsupported(`This kernel cannot make such a network: ${made.stderr.slice(0, 300)}`);
    if (made.code !== 0) throw new Error(`The network cannot be made: ${made.stderr.slice(0, 1000)}`);
    for (const { host, interface: one } of this.#interfaces)
      await ask(this.#process, `listen ${this.#hostNumber(host)} ${one.name}`, listening);
    // Queues are there a moment after their link: nothing is sent before the first answers.
    for (const { host, interface: one } of this.#interfaces) await this.#follow(host, one);
    await ask(this.#process, 'collect', collected);
  }

  /** No IPv6, no ARP of the kernels' own: nothing but what is sent is in the network. */
  #hostScript({ name, namespace, forwards, interfaces }: NetworkHost): string {
    const earlier = this.hosts.slice(0, this.#hostNumber(name)).map((host) => host.name);
    const pairs = interfaces.filter(({ peer }) => !earlier.includes(peer.host));
    return [
      `nsenter --net=${namespace} sh -ec '`,
      'for conf in all default; do echo 1 >/proc/sys/net/ipv6/conf/$conf/disable_ipv6; done 2>/dev/null || :',
      'echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter',
      `echo ${forwards ? 1 : 0} >/proc/sys/net/ipv4/ip_forward`,
      'ip link set lo up',
      ...pairs.map(({ name: own, mac, peer, address }) => {
        const other = this.host(peer.host);
        const far = other.interfaces.find((one) => one.address === peer.address && one.peer.address === address)!;
        return `ip link add ${own} address ${mac} type veth peer name ${far.name} address ${peer.mac} netns ${other.namespace}`;
      }),
      "'",
    ].join('\n');
  }

  #bringUp(): string {
    return this.hosts
      .map(({ namespace, interfaces, routes }) =>
        [
          `nsenter --net=${namespace} sh -ec '`,
          ...interfaces.flatMap(({ name, address, peer, quality: { delayMs = 0, lossPercent = 0 } }) => [
            `ip address add ${address}/24 dev ${name}`,
            `ip link set ${name} up`,
            `ip neigh add ${peer.address} lladdr ${peer.mac} dev ${name} nud permanent`,
            ...(delayMs || lossPercent
              ? [`tc qdisc add dev ${name} root netem delay ${delayMs}ms loss ${lossPercent}% limit 100000`]
              : []),
          ]),
          ...routes.map(({ network, via }) => `ip route add ${network} via ${via}`),
          "'",
        ].join('\n'),
      )
      .join('\n');
  }

  /** Asks the far end of a link from an address that nobody has; that address. */
  async #follow(host: string, { name, mac, peer, quality }: Interface): Promise<string> {
    const source = peer.address.replace(/\d+$/, String(this.#random.int(201, 254)));
    const marker = ethernet(
      { source: mac, destination: 'ff:ff:ff:ff:ff:ff' },
      arp({ sourceMac: mac, source, target: peer.address }),
    );
    const wait = 2 * (quality.delayMs ?? 0) + 500;
    const command = `ask ${this.#number(host, name)} ${hex(marker)} ${tries} ${wait}`;
    const { answered } = await ask(this.#process, command, asked, tries * wait + 60_000);
    if (!answered) throw new Error(`${peer.host} does not answer ARP requests from ${host}: does a program drop them?`);
    return source;
  }

  #followBack({ address, peer }: Interface): Promise<string> {
    const far = this.host(peer.host).interfaces.find((one) => one.peer.address === address)!;
    return this.#follow(peer.host, far);
  }

  #number(host: string, name: string): number {
    const number = this.#interfaces.findIndex((one) => one.host === host && one.interface.name === name);
    if (number < 0) throw new Error(`The network has no interface ${name} at ${host}.`);
    return number;
  }

  #hostNumber(name: string): number {
    return this.hosts.findIndex((host) => host.name === name);
  }
}

/** With every second packet lost, one marker in a million fails. */
const tries = 40;

/** An ARP request or reply from or to one of the addresses. */
function isMarker(frame: Uint8Array, markers: ReadonlySet<string>): boolean {
  if (frame.length < 42 || frame[12] !== 8 || frame[13] !== 6) return false;
  const address = (at: number) => frame.subarray(at, at + 4).join('.');
  return markers.has(address(28)) || markers.has(address(38));
}

const refusal = z.object({ ok: z.literal(false), errno: z.int(), message: machineText(512) });
const done = z.object({ ok: z.literal(true) });
const newHost = done.extend({ namespace: z.string().regex(/^\/proc\/\d{1,8}\/fd\/\d{1,4}$/) });
const listening = done.extend({ interface: z.int().min(0).max(127) });
const asked = done.extend({ answered: z.boolean() });
const collected = done.extend({
  interfaces: z.array(z.array(machineHex(2048)).max(100_000)).max(128),
  lost: z.boolean(),
});

async function ask<T extends z.ZodType>(
  process: Running,
  command: string,
  shape: T,
  timeoutMs = 60_000,
): Promise<z.output<T>> {
  process.write(`${command}\n`);
  const line = await process.line(timeoutMs);
  if (line === null) {
    const { code, stderr } = await process.done;
    throw new Error(`The network ended with code ${code}: ${stderr.slice(0, 1000)}`);
  }
  const reply = parseLine(line, z.union([refusal, shape]), 'The network');
  const no = refusal.safeParse(reply);
  if (no.success) throw new Error(`The network refuses '${command.slice(0, 60)}': ${no.data.message}`);
  return reply as z.output<T>;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
