import { count, defineChecks, evidence, type Kit } from '#kit';
import type { Group } from './frames.ts';
import { serve } from './live.ts';
import { type Seen, translate } from './workload.ts';

const file = 'nat.bpf.c';
const translated = evidence((kit) => translate(kit, kit.program(file)));

type Aspect = Exclude<keyof Seen, 'what'>;

/** Every packet of the group must be right in these aspects, in their order. */
const right =
  (group: Group, text: string, aspects: Aspect[], expected: string) =>
  async (kit: Kit): Promise<void> => {
    const packets = (await translated(kit)).get(group)!;
    const fault = (packet: Seen) => aspects.map((aspect) => packet[aspect]).find((one) => one !== '');
    const wrong = packets.filter(fault);
    kit.expect(wrong.length === 0, {
      text: `${text}: ${wrong[0]?.what}.`,
      expected,
      actual: `${sentence(wrong[0] && fault(wrong[0]))} So for ${wrong.length} of ${count(packets.length, 'packet')}.`,
    });
  };

const all: Aspect[] = ['fields', 'ipChecksum', 'checksum'];

export default defineChecks({
  rewrites: right(
    'rewrites',
    'A packet to the service does not get the inside address and port',
    ['fields'],
    'The inside address and port as destination, TC_ACT_OK, and nothing else changed but checksums.',
  ),
  'ip-checksum': right(
    'rewrites',
    'The IP header does not fit its checksum any more',
    ['ipChecksum'],
    'A checksum of the header as it is now.',
  ),
  checksum: right(
    'rewrites',
    'The packet does not fit the checksum of TCP or UDP any more',
    ['checksum'],
    'A checksum that covers the new address and the new port.',
  ),
  'udp-zero': right(
    'udp-zero',
    'The checksum 0 of UDP is not treated right',
    all,
    'Without a checksum before, without one after; and a checksum never becomes 0.',
  ),
  options: right(
    'options',
    'A header with options is not treated right',
    all,
    'The same as for a header without them.',
  ),
  outbound: right(
    'outbound',
    'A packet from the service does not get the outside address and port',
    all,
    'The outside address and port as source, TC_ACT_OK, and valid checksums.',
  ),
  others: right('others', 'A packet is changed that is not for the service', all, 'TC_ACT_OK, and the same bytes.'),

  async live(kit) {
    const { requests, answered, wrong } = await serve(kit, kit.program(file));
    kit.expect.equal(answered, requests, {
      text: 'Not every client of the server behind your programs gets an answer.',
      expected: `${count(requests, 'answer')}, one to each client.`,
      actual: `${answered}.`,
      help: 'lost',
    });
    kit.expect(wrong === '', {
      text: 'What a real server answers does not reach the client as it must.',
      expected: 'Answers from the outside address and port, with valid checksums.',
      actual: wrong,
      help: 'unfinished',
    });
  },
});

function sentence(fault = ''): string {
  return `${fault.charAt(0).toUpperCase()}${fault.slice(1)}.`;
}
