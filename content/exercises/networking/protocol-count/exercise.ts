import { count, defineChecks, evidence } from '#kit';
import { type Burst, countTraffic, mapName, nameOf } from './workload.ts';

const listened = evidence(countTraffic);

export default defineChecks({
  attaches: async (kit) => void (await listened(kit)),

  async counts(kit) {
    const { sent, counted } = await listened(kit);
    const tellings = [...sent].map(([number, packets]) => ({ number, packets, seen: counted.get(number) ?? 0 }));
    // More than was sent is for the next check: that packet was no IPv4.
    const short = tellings.find(({ packets, seen }) => seen < packets);
    const foreign = [...counted.keys()].filter((key) => !sent.has(key));
    kit.expect(!short, {
      text: `The map ${mapName} does not count all ${nameOf(short?.number ?? 0)} packets.`,
      expected: `${count(short?.packets ?? 0, 'packet')} under the key ${short?.number}.`,
      actual: `${short?.seen}. ${foreign.length ? `There are other keys that no packet had, such as ${foreign[0]}.` : `${count(counted.size, 'key')} in the map${counted.size ? `: ${listed(counted)}` : ''}.`}`,
      help: 'missing',
    });
    const long = tellings.find(({ packets, seen }) => seen > 20 * packets);
    kit.expect(!long, {
      text: `The map ${mapName} counts something else than packets.`,
      expected: `${count(long?.packets ?? 0, 'packet')} under the key ${long?.number}.`,
      actual: `${long?.seen}.`,
      help: 'too-many',
    });
  },

  async 'none-lost'(kit) {
    const { many, together, first } = await listened(kit);
    // None at all: a program that looks at more than one of these made-up packets has.
    const lost = (burst: Burst) => burst.added !== 0 && burst.added < burst.runs;
    kit.expect(!lost(many), {
      text: 'Large numbers are not counted.',
      expected: `${many.runs.toLocaleString('en')} more after as many packets.`,
      actual: `${many.added.toLocaleString('en')} more.`,
      help: 'narrow',
    });
    kit.expect(!lost(together), {
      text: 'Packets get lost in counting when several CPUs count at once.',
      expected: `${together.runs.toLocaleString('en')} more after as many packets.`,
      actual: `${together.added.toLocaleString('en')} more.`,
      help: 'race',
    });
    kit.expect(!lost(first), {
      text: 'Packets get lost when several CPUs see the first packet of a protocol at the same moment.',
      expected: `${first.runs.toLocaleString('en')} more after as many packets, for protocols without a row.`,
      actual: `${first.added.toLocaleString('en')} more.`,
      help: 'first',
    });
  },

  async 'only-ipv4'(kit) {
    const { sent, counted } = await listened(kit);
    const excess = [...counted].find(([number, seen]) => seen !== (sent.get(number) ?? 0));
    kit.expect(!excess, {
      text: `The map ${mapName} counts packets that are not IPv4.`,
      expected: `${sent.get(excess?.[0] ?? 0) ?? 'Nothing'} under the key ${excess?.[0]}.`,
      actual: `${excess?.[1]}.`,
    });
  },

  async arrives(kit) {
    const { passages } = await listened(kit);
    const received = passages.filter(({ intact }) => intact > 0);
    const missing = passages.find(({ intact }) => intact === 0);
    kit.expect(!missing, {
      text: `The socket does not get every packet whole: ${missing?.frame.what} is missing.`,
      expected: `All ${passages.length} frames, from the first byte to the last.`,
      actual: `${received.length} of them whole.`,
    });
  },
});

/** The first keys of the map: an array has 256. */
function listed(counted: ReadonlyMap<number, number>): string {
  const keys = [...counted.keys()];
  return `${keys.slice(0, 12).join(', ')}${keys.length > 12 ? ', …' : ''}`;
}
