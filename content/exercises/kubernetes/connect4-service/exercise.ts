import { count, defineChecks, evidence, type Kit } from '#kit';
import type { CheckName, Endpoint } from './rows.ts';
import { connectAll, same, type Share, type Told } from './workload.ts';

const connected = evidence((kit) => connectAll(kit, kit.program('service.bpf.c')));

/** Every connection of the check must go where the rows of its moment say. */
const goes =
  (check: CheckName, text: string) =>
  async (kit: Kit): Promise<void> => {
    const { told, shares } = await connected(kit);
    const wrong = told(check).find((one) => !isRight(one));
    kit.expect(!wrong, {
      text: `${text}: ${wrong && nameOf(wrong)}.`,
      expected: wrong ? inWords(wrong) : '',
      actual: wrong ? endOf(wrong) : '',
      help: !wrong || wrong.wanted.length === 0 ? 'refuse' : wrong.isService ? 'redirect' : 'leave',
    });
    const uneven = shares.find((share) => share.check === check && !isFair(share));
    kit.expect(!uneven, {
      text: `The backends of a service do not get about the same share: ${uneven?.what}.`,
      expected: uneven
        ? `About ${Math.round(uneven.connections / uneven.shares.length)} of ${uneven.connections} connections for each.`
        : '',
      actual: `${uneven?.shares.join(', ')}, in the order of their slots.`,
      help: 'share',
    });
  };

export default defineChecks({
  redirects: goes('redirects', 'A connection does not go to the backend of its service'),
  protocols: goes('protocols', 'The protocol is not taken into account'),

  async others(kit) {
    await goes('others', 'A connection that is not to a service is not left alone')(kit);
    const { changed } = await connected(kit);
    kit.expect(changed === '', {
      text: 'The program changes the maps of user space.',
      expected: 'The rows that user space has written, and no others.',
      actual: changed,
      help: 'rows',
    });
  },

  spreads: goes('spreads', 'A connection does not go to one of the backends of its service'),
  async empty(kit) {
    await goes('empty', 'A service has no backend, and the connection is not refused')(kit);
    const unfinished = (await connected(kit)).told('empty').filter(({ wanted }) => wanted.length > 0);
    const refused = unfinished.filter(({ errno }) => errno === eperm).length;
    kit.expect(refused > unfinished.length / 2, {
      text: 'Of a service with very many backends, two have rows, and most connections go there.',
      expected: 'Most slots that a program chooses have no row, and these connections are refused.',
      actual: `${refused} of ${count(unfinished.length, 'connection')} were refused.`,
      help: 'wide',
    });
  },

  changes: goes('changes', 'After the rows have changed, the program does not go by them'),
});

const eperm = 1;

function isRight({ wanted, refusable, errno, peer }: Told): boolean {
  return peer ? wanted.some((one) => same(one, peer)) : refusable && errno === eperm;
}

/** With the numbers here, a choice by chance is outside of this about once in 100,000 gradings. */
function isFair({ connections, shares }: Share): boolean {
  const fair = connections / shares.length;
  return shares.every((share) => share >= fair / 8 && share <= 2 * fair);
}

const at = ({ address, port }: Endpoint): string => `${address}:${port}`;

function nameOf({ what, protocol, to }: Told): string {
  const name = { tcp: 'TCP', udp: 'UDP', ping: 'ICMP (protocol 1)' }[protocol];
  return `${name} to ${at(to)}, ${what}`;
}

function inWords({ wanted, isService, to }: Told): string {
  if (!isService) return `It goes to ${at(to)}, as without your program.`;
  if (wanted.length === 0) return 'connect() fails: operation not permitted.';
  return wanted.length === 1
    ? `It goes to ${at(wanted[0]!)}.`
    : `It goes to one of ${count(wanted.length, 'backend')}, such as ${at(wanted[0]!)}.`;
}

function endOf({ errno, peer }: Told): string {
  if (peer) return `It went to ${at(peer)}.`;
  const said: Record<number, string> = {
    [eperm]: 'operation not permitted, because the program returned 0',
    111: 'connection refused, because nobody listens where it went',
  };
  return `connect() failed: ${said[errno] ?? `errno ${errno}`}.`;
}
