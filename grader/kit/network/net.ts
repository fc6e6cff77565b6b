/** Live traffic: the other end of environment/guest/wire.c. */
import { z } from 'zod';
import type { Machine, Running } from '../../machine/machine.ts';
import type { Random } from '../../verdict/random.ts';
import { CheckFailure, Unsupported } from '../../verdict/failure.ts';
import { machineHex, machineText, parseLine } from '../guest/hostile.ts';
import type { LoadedProgram } from '../program/loaded-program.ts';
import { Network } from './network.ts';
import { arp, ethernet, type Ipv4Address, type Mac } from './packets.ts';
import type { NetworkPlan } from './topology.ts';

export interface Host {
  mac: Mac;
  address: Ipv4Address;
}

export interface Delivered {
  /** What got past XDP and tc at the right end, without VLAN tags. Grouped by EtherType, in order within each. */
  arrived: Uint8Array[];
  /** What the right host sent back. */
  answers: Uint8Array[];
  /** What the socket with the filter received, cut where the filter cut it. */
  kept: Uint8Array[];
  /** Whether the last frame, an ARP request that anyone must let through, was answered. */
  complete: boolean;
}

/** Hosts in network namespaces of their own, gone when the process on the machine ends. */
export class Net {
  readonly #machine: Machine;
  readonly #tools: { wire: string; network: string };
  readonly #random: Random;
  readonly #made: { close(): void }[] = [];

  constructor(machine: Machine, tools: { wire: string; network: string }, random: Random) {
    this.#machine = machine;
    this.#tools = tools;
    this.#random = random;
  }

  /** Any number of hosts, with routers between them: see Network. Throws for a plan that makes none. */
  async network(plan: NetworkPlan): Promise<Network> {
    const network = await Network.create(this.#machine, this.#tools.network, this.#random, plan);
    this.#made.push(network);
    return network;
  }

  /** Two hosts joined by a veth pair. */
  async pair(): Promise<Pair> {
    const [left, right] = drawHosts(this.#random);
    const process = this.#machine.start([this.#tools.wire, left.mac, right.mac, left.address, right.address], {
      timeoutMs: 600_000,
      maxOutputBytes: 64 * 2 ** 20,
    });
    process.done.catch(() => {}); // whoever asks next hears of it
    const namespace = await readNamespace(process);
    const pair = new Pair(process, left, right, namespace, this.#random);
    this.#made.push(pair);
    return pair;
  }

  close(): void {
    for (const one of this.#made) one.close();
  }
}

export class Pair {
  /** Sends, and has no IP stack that would send anything of its own. */
  readonly left: Host;
  /** Receives on its device eth0, to which programs are attached; answers as Linux does. */
  readonly right: Host;
  /** Path of the right host's network namespace, for nsenter. */
  readonly namespace: string;
  readonly #process: Running;
  readonly #random: Random;

  constructor(process: Running, left: Host, right: Host, namespace: string, random: Random) {
    this.#process = process;
    this.left = left;
    this.right = right;
    this.namespace = namespace;
    this.#random = random;
  }

  /** XDP in the driver, tc at the ingress of a clsact qdisc, a filter on a packet socket: all of eth0 at the right end. */
  async attach(kind: 'xdp' | 'tc' | 'filter', program: LoadedProgram): Promise<void> {
    const reply = await this.#ask(`${kind} ${await program.id()}`, done);
    if (!reply.ok)
      throw new CheckFailure({
        text: `The kernel does not attach ${program.name} to the device eth0: ${reply.message}.`,
        help: 'See what the program asks of the device.',
        ...(reply.libbpf && { wholeLog: reply.libbpf }),
      });
  }

  /** A classic BPF program, as struct sock_filter[] in the machine's byte order, on a packet socket at the right end. */
  async attachClassic(code: Uint8Array): Promise<void> {
    const reply = await this.#ask(`classic ${hex(code)}`, done);
    if (!reply.ok)
      throw new CheckFailure({
        text: `The kernel does not take the filter: ${reply.message}.`,
        expected: 'A filter of at most 4096 instructions.',
        help: 'Make the expression simpler.',
      });
  }

  /**
   * Sends the frames from left to right, in order, and waits until all have got as far as they get. Before them `leaving` go out of
   * the right end's eth0, as if its host sent them; those that get to the left are among the answers.
   */
  async send(frames: readonly Uint8Array[], leaving: readonly Uint8Array[] = []): Promise<Delivered> {
    const marker = this.#marker();
    const words = [...leaving.map((frame) => `<${hex(frame)}`), ...[...frames, marker].map(hex)];
    const reply = await this.#ask(`send ${words.join(' ')}`, delivered);
    if (!reply.ok) throw new Error(`Sending failed: ${reply.message}`);
    if (reply.lost) throw new Error('A socket of the wire overflowed.');
    const other = (frame: Uint8Array) => hex(frame) !== hex(marker);
    return { ...reply, arrived: reply.arrived.filter(other), kept: reply.kept.filter(other) };
  }

  close(): void {
    this.#process.end();
    this.#process.signal(9);
  }

  /** Asks from an address that nobody has, so that its answer is told from all others. */
  #marker(): Uint8Array {
    const source = sibling(this.right.address, this.#random);
    return ethernet(
      { source: this.left.mac, destination: 'ff:ff:ff:ff:ff:ff' },
      arp({ sourceMac: this.left.mac, source, target: this.right.address }),
    );
  }

  async #ask<T extends z.ZodType>(command: string, shape: T): Promise<z.output<T>> {
    this.#process.write(`${command}\n`);
    const line = await this.#process.line(60_000);
    if (line === null) throw await ended(this.#process);
    return parseLine(line, shape, 'The wire');
  }
}

const refusal = z.object({
  ok: z.literal(false),
  errno: z.int(),
  message: machineText(512),
  libbpf: machineText(8192),
});
const done = z.discriminatedUnion('ok', [z.object({ ok: z.literal(true) }), refusal]);
const frames = z.array(machineHex(2048)).max(20_000);
const delivered = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    complete: z.boolean(),
    lost: z.boolean(),
    arrived: frames,
    answers: frames,
    kept: frames,
  }),
  refusal,
]);
const ready = z.object({ ok: z.literal(true), namespace: z.string().regex(/^\/proc\/\d{1,8}\/fd\/\d{1,4}$/) });

async function readNamespace(process: Running): Promise<string> {
  const line = await process.line(60_000);
  if (line === null) throw await ended(process);
  return parseLine(line, ready, 'The wire').namespace;
}

async function ended(process: Running): Promise<Error> {
  const { code, stderr } = await process.done;
  if (/Operation not supported|Unknown device type/.test(stderr))
    return new Unsupported('This kernel cannot make a pair of veth devices.');
  return new Error(`The wire ended with code ${code}: ${stderr.slice(0, 1000)}`);
}

/** Addresses of one network, those of the left host first. */
export function drawHosts(random: Random): [Host, Host] {
  // 02: locally administered, for one station
  const mac = () => ['02', ...random.several(5, 5, () => random.int(0, 255).toString(16).padStart(2, '0'))].join(':');
  const left = { mac: mac(), address: `10.${random.int(0, 255)}.${random.int(0, 255)}.${random.int(1, 100)}` };
  return [left, { mac: mac(), address: left.address.replace(/\d+$/, String(random.int(101, 200))) }];
}

/** Another address of the same /24, above those of the hosts. */
function sibling(address: Ipv4Address, random: Random): Ipv4Address {
  return address.replace(/\d+$/, String(random.int(201, 254)));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
