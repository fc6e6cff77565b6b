/** Rules that come and go, and frames whose source is at every edge of them; what each frame must get is worked out here. */
import {
  drawHosts,
  everyHeaderOver6,
  everyProtocolOver4,
  type Frame,
  type Kit,
  kindsOver4,
  type Program,
  Traffic,
  u32,
} from '#kit';

/** By return value. */
const actions = ['XDP_ABORTED', 'XDP_DROP', 'XDP_PASS', 'XDP_TX', 'XDP_REDIRECT'];
const [drop, pass] = [1, 2];
/** As many as the task asks room for. */
const most = 64;

export interface Rule {
  address: number;
  bits: number;
  action: number;
}

export interface Judged {
  what: string;
  /** The rule that decides, if any fits; and how many fit. */
  rule: Rule | undefined;
  fitting: number;
  wanted: string;
  seen: string;
  changed: boolean;
}

type Group = 'one-address' | 'no-rule' | 'longest' | 'changes' | 'every-packet' | 'others';

interface Phase {
  rules: Rule[];
  frames: Partial<Record<Group, Frame[]>>;
}

export async function runPhases(kit: Kit, program: Program): Promise<Map<Group, Judged[]>> {
  const map = await program.map('rules');
  const firewall = await program.only('xdp');
  const judged = new Map<Group, Judged[]>();
  let table = new Map<string, Rule>();
  for (const { rules, frames } of drawPhases(kit)) {
    const next = new Map(rules.map((rule) => [inWords(rule), rule]));
    const touched = [...new Set([...table.keys(), ...next.keys()])].filter(
      (key) => table.get(key)?.action !== next.get(key)?.action,
    );
    // First what goes: there is room for no more than the rules of one phase. Then what changes, as an old kernel
    // changes no row of a full trie.
    const gone = touched.filter((key) => !next.has(key));
    const [known, added] = [true, false].map((was) => touched.filter((key) => next.has(key) && table.has(key) === was));
    for (const key of kit.random.shuffle(gone)) await map.delete(bytesOf(table.get(key)!));
    for (const key of [...kit.random.shuffle(known!), ...kit.random.shuffle(added!)])
      await map.update(bytesOf(next.get(key)!), u32(next.get(key)!.action));
    table = next;

    const all = kit.random.shuffle(
      (Object.entries(frames) as [Group, Frame[]][]).flatMap(([group, some]) =>
        some.map((frame) => ({ group, frame })),
      ),
    );
    const runs = await firewall.runEach(all.map(({ frame }) => frame.bytes));
    for (const [i, { group, frame }] of all.entries()) {
      const one = judge(rules, frame, runs[i]!);
      judged.set(group, [...(judged.get(group) ?? []), one]);
    }
  }
  return judged;
}

/** '10.1.0.0/16' */
export function inWords({ address, bits }: Rule): string {
  return `${dotted(address)}/${bits}`;
}

export const actionOf = ({ action }: Rule): string => actions[action]!;

function judge(rules: readonly Rule[], { what, bytes }: Frame, run: { retval: number; data: Uint8Array }): Judged {
  const isIpv4 = bytes.length >= 34 && bytes[12] === 8 && bytes[13] === 0;
  const source = isIpv4 ? Buffer.from(bytes).readUInt32BE(26) : 0;
  const fitting = isIpv4 ? rules.filter((rule) => fits(rule, source)) : [];
  const rule = fitting.toSorted((a, b) => b.bits - a.bits)[0];
  return {
    what: isIpv4 ? `${what}, from ${dotted(source)}` : what,
    rule,
    fitting: fitting.length,
    wanted: actions[rule?.action ?? pass]!,
    seen: actions[run.retval] ?? `${run.retval}, which is no XDP action`,
    changed: !Buffer.from(run.data).equals(bytes),
  };
}

function fits({ address, bits }: Rule, source: number): boolean {
  return ((address ^ source) & mask(bits)) === 0;
}

/** Shifting by 32 would shift by nothing. */
const mask = (bits: number): number => (bits === 0 ? 0 : ~0 << (32 - bits));

function drawPhases({ random }: Kit): Phase[] {
  const [left, right] = drawHosts(random);
  const any = () => random.int(0, 2 ** 32 - 1);
  const action = () => random.pick([drop, pass]);
  const network = (address: number, bits: number, what = action()): Rule => ({
    address: (address & mask(bits)) >>> 0,
    bits,
    action: what,
  });
  const traffic = new Traffic(random, left, right);
  const from = (source: number, destination = right.address): Frame => {
    const protocol = random.pick(['TCP', 'UDP', 'ICMP'] as const);
    return traffic.over4(`${protocol} over IPv4`, traffic.segment(protocol), { source: dotted(source), destination });
  };

  // Single addresses, those at the ends of the range and of a byte among them; never two side by side.
  const plain = [0x01000000, 0xdfffffff, any() | 0xff, any() & ~0xff, any()].map((address) => address >>> 0);
  // And some that have a meaning of their own: this network, private, loopback, multicast, reserved.
  const special = [0, 10, 127, 224, 255].map((byte) => byte * 2 ** 24 + random.int(1, 2 ** 24 - 2));
  const single = [...plain, ...special];
  const alone = single.map((address, i) => network(address, 32, i % 2 && plain.includes(address) ? pass : drop));
  const denied = alone.filter((rule) => rule.action === drop);
  const beside = single.flatMap((address) => [1, 2, 128, 2 ** 8, 2 ** 16, 2 ** 31].map((bit) => (address ^ bit) >>> 0));
  const without = (addresses: number[]) => addresses.filter((address) => !single.includes(address));

  // Networks in one another, one of each length, of which each second drops; for each, addresses in it and in no smaller one.
  const centre = any();
  const first = random.int(0, 1);
  const nested = Array.from({ length: 33 }, (_, bits) => network(centre, bits, (bits + first) % 2 ? drop : pass));
  const onlyIn = (bits: number) =>
    bits === 32
      ? centre
      : ((centre & mask(bits)) | (~centre & mask(bits + 1) & ~mask(bits)) | (any() & ~mask(bits + 1))) >>> 0;
  const table = new Map(nested.map((rule) => [inWords(rule), rule]));
  while (table.size < most) {
    const rule = network(any(), random.int(1, 32));
    if (!table.has(inWords(rule))) table.set(inWords(rule), rule);
  }
  const full = [...table.values()];
  const probes = [
    ...nested.map(({ bits }) => onlyIn(bits)),
    ...random.shuffle(full).slice(0, 15).flatMap(edges),
    0,
    2 ** 32 - 1,
  ];
  const changed = (rules: readonly Rule[]) => rules.map((rule) => ({ ...rule, action: drop + pass - rule.action }));
  const some = (rules: readonly Rule[]) => random.shuffle(rules).slice(0, Math.ceil(rules.length / 2));
  const probing = (group: Group) => ({ [group]: probes.map((address) => from(address)) });

  const everything = network(0, 0, drop);
  const notIpv4 = [...denied, ...denied].flatMap(({ address }) => [
    ...traffic.withOtherEtherTypes(from(address)),
    traffic.withOtherEtherType(from(address)),
    traffic.tagged(from(address)),
    ...[14, 25, 26, 29, 30, 33].map((length) => traffic.cut(from(address), length)),
  ]);
  const kinds = (['TCP', 'UDP', 'ICMP'] as const).flatMap((protocol) => kindsOver4(random, traffic, protocol));
  const headerOnly = Array.from({ length: 3 }, () => traffic.cut(from(any()), 34));
  return [
    { rules: [], frames: { 'no-rule': single.map((address) => from(address)) } },
    {
      rules: alone,
      frames: {
        'one-address': single.flatMap((address) => [from(address), from(address, dotted(any()))]),
        'no-rule': [
          ...without([...beside, ...random.several(20, 30, any), 0, 2 ** 32 - 1]).map((address) => from(address)),
          ...denied.map(({ address }) => from(without([any()])[0] ?? 0, dotted(address))),
        ],
      },
    },
    { rules: full, frames: probing('longest') },
    { rules: some(full), frames: probing('changes') },
    { rules: changed(full), frames: probing('changes') },
    { rules: changed(full.filter(({ bits }) => bits > 0)), frames: probing('changes') },
    {
      rules: [everything, network(Number.parseInt('0a000000', 16), 8, drop)],
      frames: {
        'every-packet': [...kinds, ...everyProtocolOver4(random, traffic), ...headerOnly],
        others: [
          ...notIpv4,
          traffic.arp(),
          traffic.experiment(),
          ...everyHeaderOver6(random, traffic),
          ...[14, 33, 34, 54].map((length) => traffic.cut(traffic.ipv6('TCP'), length)),
        ],
      },
    },
    { rules: [], frames: { changes: [...probes, ...single].map((address) => from(address)) } },
  ];
}

/** Its first and last address, and those before and after. */
function edges({ address, bits }: Rule): number[] {
  const last = (address | ~mask(bits)) >>> 0;
  return [address, last, address - 1, last + 1].filter((one) => one >= 0 && one < 2 ** 32);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}

/** struct { __u32 bits; __be32 address; }: how many bits count, in the machine's byte order, and the address in the network's. */
function bytesOf({ address, bits }: Rule): Uint8Array {
  const network = Buffer.alloc(4);
  network.writeUInt32BE(address);
  return Uint8Array.from([...u32(bits), ...network]);
}
