import { type ConnectionKind, count, defineChecks, quote, starts } from '#kit';
import { watched } from './workload.ts';

/** What happened at a port. */
const stories: Record<ConnectionKind, string> = {
  silent: 'There, each SYN was dropped without a word.',
  lossy: 'There, a connection was made, and then its data got lost.',
  recovered: 'There, data got lost, was sent again, and arrived.',
  closing: 'There, the end of a connection (FIN) got lost.',
  reply: 'There, the answer got lost: the data of who was called, on its way to the port of the caller.',
  refused: 'There, connections were refused.',
  answered: 'There, all went well.',
};
const families = { 4: 'over IPv4', 6: 'over IPv6', 46: 'over IPv4, by a socket of IPv6' };

export default defineChecks({
  runs: starts(watched),

  async fires(kit) {
    const { output, counts, ports } = await watched(kit);
    const value = output.maps.get('@retransmits');
    kit.expect(
      ports.some(({ retransmits, seen }) => retransmits > 0 && seen > 0),
      {
        text: counts
          ? 'No retransmit was counted under its destination port.'
          : 'There is no map @retransmits of counts by port.',
        expected: `A count for port ${ports[0]!.port}, where a SYN is dropped without a word.`,
        actual:
          value === undefined
            ? output.maps.size > 0
              ? `Other maps: ${quote([...output.maps.keys()].join(', ')).slice(1, -1)}.`
              : 'No map at all, as if the action had never run.'
            : quote(JSON.stringify(value), 300).slice(1, -1),
      },
    );
  },

  async 'no-others'(kit) {
    const { ports, strays } = await watched(kit);
    const stray = ports.find(({ retransmits, seen }) => retransmits === 0 && seen > 0);
    kit.expect(!stray, {
      text: `Retransmits were counted for a port whose connections were ${stray?.kind}.`,
      expected: `Nothing for port ${stray?.port}: the kernel has sent nothing again there.`,
      actual: `${stray?.seen ?? 0}.`,
    });
    const [first] = strays;
    kit.expect(!first, {
      text: 'Retransmits were counted for a port to which nothing was sent again.',
      expected: 'The destination ports of what was sent again, and no other key.',
      actual: first ? `${quote(first[0])}: ${first[1]}.` : '',
    });
  },

  async 'each-retransmit'(kit) {
    const { ports, probes } = await watched(kit);
    const wrong = ports.filter(({ retransmits, seen }) => retransmits !== seen);
    const [first] = wrong;
    const missing = wrong.reduce((sum, { retransmits, seen }) => sum + retransmits - seen, 0);
    // A probe repeats the last segment of a connection that was made.
    const onlyProbes =
      missing === probes && wrong.every(({ kind, retransmits, seen }) => kind !== 'silent' && seen < retransmits);
    kit.expect(!first, {
      text: `The count for a port is wrong. ${first ? stories[first.kind] : ''}`,
      expected: `Port ${first?.port}, ${count(first?.connections ?? 0, 'connection')} ${first && families[first.family]}: ${first?.retransmits}.`,
      actual: `${first?.seen}.${onlyProbes ? ` In all, ${count(missing, 'retransmit')} are missing: as many as the kernel has sent as tail loss probes.` : ''}`,
      help: onlyProbes ? 'probes' : 'each',
    });
  },
});
