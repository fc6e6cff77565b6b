import { compiles, loads } from '../../../../grader/checks/common.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import { count } from '../../../../grader/checks/expect.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { countTraffic, mapName, nameOf, program as file } from './workload.ts';

const listened = evidence(countTraffic);

export default defineExercise({
  title: 'Count protocols on a socket',
  summary: 'Write a socket filter that counts IPv4 packets by protocol, and takes none away from its socket.',
  files: { [file]: { description: 'Your socket filter.' } },
  needs: { kernel: '5.10', config: ['CONFIG_VETH', 'CONFIG_PACKET'], tools: ['clang', 'ip', 'nsenter'] },
  starter: { fails: 'counts', because: 'It counts nothing, and drops all.' },
  wrong: {
    'old-maps-section': { fails: 'loads', misconception: 'A map is a struct bpf_map_def in SEC("maps"), as in the workshop\'s days.' },
    'no-null-check': { fails: 'loads', misconception: 'A lookup always finds something.' },
    'direct-access': { fails: 'loads', misconception: 'Every program that sees packets may read them through skb->data.' },
    'other-map-name': { fails: 'attaches', misconception: 'The name of a map is a private matter, as that of a function.' },
    'one-too-few': { fails: 'counts', misconception: 'A new entry begins at 0 and the first packet needs no counting.' },
    'no-link-header': { fails: 'counts', misconception: 'The packet begins with the IP header.' },
    'bytes-not-packets': { fails: 'counts', misconception: 'skb->len is what one adds for a packet.' },
    'skips-options': { fails: 'counts', misconception: 'All IPv4 headers begin with the byte 0x45.' },
    'no-ether-type': { fails: 'only-ipv4', misconception: 'All that arrives is IPv4, as in the workshop.' },
    'return-zero': { fails: 'arrives', misconception: 'return 0 means that all is well, as in the workshop.' },
    'return-one': { fails: 'arrives', misconception: 'A filter says true or false.' },
  },
  checks: [
    compiles(file),
    loads(file, {
      hints: {
        nudge: 'libbpf or the kernel says why it refuses. Look at the line of your source that the message names.',
        concept: 'A socket filter may not touch the packet through skb->data: bpf_skb_load_bytes copies out of it. A lookup may find nothing, and the verifier wants to see you test for that. Maps are described in SEC(".maps").',
        line: 'u64 *seen = bpf_map_lookup_elem(&counts, &key); if (seen) … else bpf_map_update_elem(…);',
      },
    }),
    {
      id: 'attaches',
      title: `A socket takes the filter, and there is a map ${mapName}`,
      stage: 'attach',
      points: 1,
      hints: {
        nudge: 'The kernel has taken your program. Is it of the kind that the task wants, and has it the map?',
        concept: 'The text in SEC("…") says what kind of program it is, and only one kind can be given to a socket. The map is read by its name, so its name is part of the task.',
        line: `SEC("socket") for the program; } ${mapName} SEC(".maps"); for the map`,
      },
      rationale: 'A program of another type loads as well, and no socket takes it; the map is how the counts come out.',
      run: async (kit) => void (await listened(kit)),
    },
    {
      id: 'counts',
      title: 'Every IPv4 packet is counted, under its protocol',
      stage: 'fires',
      points: 3,
      hints: {
        nudge: 'Compare the numbers. Is it one too few for each protocol, or are they under other keys?',
        concept: 'The socket sees the frame from its Ethernet header on, 14 bytes, and the protocol is the tenth byte of the IPv4 header behind it. The first packet of a protocol counts as well: its entry begins at 1.',
        line: 'bpf_skb_load_bytes(skb, ETH_HLEN + __builtin_offsetof(struct iphdr, protocol), &protocol, 1)',
      },
      rationale: 'Exact numbers of random traffic: an estimate, or a count that begins at 0, is wrong.',
      async run(kit) {
        const { sent, counted } = await listened(kit);
        const tellings = [...sent].map(([number, packets]) => ({ number, packets, seen: counted.get(number) ?? 0 }));
        // More than was sent is for the next check: that packet was no IPv4.
        const short = tellings.find(({ packets, seen }) => seen < packets);
        const foreign = [...counted.keys()].filter((key) => !sent.has(key));
        kit.expect(!short, {
          text: `The map ${mapName} does not count all ${nameOf(short?.number ?? 0)} packets.`,
          expected: `${count(short?.packets ?? 0, 'packet')} under the key ${short?.number}.`,
          actual: `${short?.seen}. ${foreign.length ? `There are other keys that no packet had, such as ${foreign[0]}.` : `Keys in the map: ${[...counted.keys()].join(', ').slice(0, 500) || 'none'}.`}`,
          help: 'The key is the number in the field protocol of the IPv4 header, 14 bytes behind the start of the frame. Count the first packet, too.',
        });
        const long = tellings.find(({ packets, seen }) => seen > 20 * packets);
        kit.expect(!long, {
          text: `The map ${mapName} counts something else than packets.`,
          expected: `${count(long?.packets ?? 0, 'packet')} under the key ${long?.number}.`,
          actual: `${long?.seen}.`,
          help: 'Add 1 for a packet, whatever its length.',
        });
      },
    },
    {
      id: 'only-ipv4',
      title: 'Nothing else is counted',
      stage: 'correct',
      points: 2,
      hints: {
        nudge: 'More was counted than there were IPv4 packets. What else arrives at a network card?',
        concept: 'The byte that says which protocol an IPv4 packet carries is part of an address in ARP and IPv6. skb->protocol is the EtherType, in network byte order.',
        line: 'if (skb->protocol != bpf_htons(ETH_P_IP)) return skb->len;',
      },
      rationale: 'The negative control: ARP, IPv6 and another EtherType, with 6 at the place where IPv4 says TCP.',
      async run(kit) {
        const { sent, counted } = await listened(kit);
        const excess = [...counted].find(([number, seen]) => seen !== (sent.get(number) ?? 0));
        kit.expect(!excess, {
          text: `The map ${mapName} counts packets that are not IPv4.`,
          expected: `${sent.get(excess?.[0] ?? 0) ?? 'Nothing'} under the key ${excess?.[0]}.`,
          actual: `${excess?.[1]}.`,
          help: 'Compare skb->protocol with bpf_htons(ETH_P_IP) before you look for a protocol.',
        });
      },
    },
    {
      id: 'arrives',
      title: 'The socket still gets every packet, whole',
      stage: 'correct',
      points: 2,
      hints: {
        nudge: 'Your program runs as a filter, even if it only wants to count. What does its return value do?',
        concept: 'What a socket filter returns is the number of bytes that the socket gets of this packet. 0 is none: the packet is dropped for this socket. 1 is one byte.',
        line: 'return skb->len;',
      },
      rationale: 'A program that observes must not disturb. The workshop\'s returned 0 and so dropped all that it counted.',
      async run(kit) {
        const { passages } = await listened(kit);
        const received = passages.filter(({ intact }) => intact > 0);
        const missing = passages.find(({ intact }) => intact === 0);
        kit.expect(!missing, {
          text: `The socket does not get every packet whole: ${missing?.frame.what} is missing.`,
          expected: `All ${passages.length} frames, from the first byte to the last.`,
          actual: `${received.length} of them whole.`,
          help: 'What the program returns is how many bytes of the packet the socket gets. Return skb->len on every path.',
        });
      },
    },
  ],
});
