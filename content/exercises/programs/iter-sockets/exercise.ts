import { count, defineChecks, evidence, type Kit, quote } from '#kit';
import { type Listener, type Reading, readSockets } from './workload.ts';

const readings = evidence((kit) => readSockets(kit, kit.program('sockets.bpf.c')));

const form = /^(-?\d{1,10}) (-?\d{1,10}) (-?\d{1,10}) (-?\d{1,10})$/;

export default defineChecks({
  async fires(kit) {
    for (const { lines, listeners, when } of await readings(kit)) {
      const odd = lines.slice(0, -1).find((line) => !form.test(line));
      kit.expect(odd === undefined, {
        text: `Read ${when}, a line has another form.`,
        expected: 'PORT OWNER WAITING MOST: four numbers, with one space between them.',
        actual: odd === undefined ? '' : quote(odd),
        help: 'form',
      });
      const [missing] = without(listeners.map(portOf), saidIn(lines).map(portOf));
      kit.expect(missing === undefined, {
        text: `Read ${when}, a socket that listens has no line.`,
        expected: `A line for the port ${missing}, one of ${count(listeners.length, 'socket')} that listen.`,
        actual: `${count(saidIn(lines).length, 'line')}.`,
        help: 'each',
      });
    }
  },

  async others(kit) {
    for (const { lines, listeners, when } of await readings(kit)) {
      const [extra] = without(saidIn(lines).map(portOf), listeners.map(portOf));
      kit.expect(extra === undefined, {
        text: `Read ${when}, there is a line too many, for the port ${extra}.`,
        expected: 'A line for each socket that listens, and for no other socket.',
        actual: `${count(saidIn(lines).length, 'line')} for ${count(listeners.length, 'socket')} that listen.`,
      });
    }
  },

  owner: (kit) => compare(kit, 'owner', ({ port, uid }) => `${port}, ${uid}`),
  waiting: (kit) => compare(kit, 'number of connections that wait', ({ port, waiting }) => `${port}, ${waiting}`),
  most: (kit) => compare(kit, 'length of the queue', ({ port, most }) => `${port}, ${most}`),

  async total(kit) {
    for (const { lines, ended, listeners, when } of await readings(kit)) {
      kit.expect.equal(lines.at(-1) ?? '', `${listeners.length} listening`, {
        text: `Read ${when}, the last line is another one.`,
        expected: `${quote(`${listeners.length} listening`)}, after all others.`,
        actual: lines.length === 0 ? 'There is no line at all.' : quote(lines.at(-1)!),
        help: 'count',
      });
      kit.expect(ended, {
        text: `Read ${when}, the last line has no end.`,
        expected: 'A line ends with \\n.',
        actual: `Nothing follows ${quote(lines.at(-1) ?? '')}.`,
        help: 'end',
      });
    }
  },
});

/** Each line must have, beside its port, the number that the kernel itself says. */
async function compare(kit: Kit, what: string, of: (one: Listener) => string): Promise<void> {
  for (const { lines, listeners, when } of (await readings(kit)) as Reading[]) {
    const said = saidIn(lines).map(of);
    const [wanted] = without(listeners.map(of), said);
    const [port, number] = wanted?.split(', ') ?? [];
    const instead = said.filter((one) => one.startsWith(`${port}, `)).map((one) => one.split(', ')[1]);
    kit.expect(wanted === undefined, {
      text: `Read ${when}, the ${what} is wrong in the line for port ${port}.`,
      expected: `${number}.`,
      actual: `${instead.join(' and ')}.`,
    });
  }
}

function saidIn(lines: readonly string[]): Listener[] {
  return lines.flatMap((line) => {
    const [port, uid, waiting, most] = form.exec(line)?.slice(1).map(Number) ?? [];
    return port === undefined ? [] : [{ port, uid: uid!, waiting: waiting!, most: most! }];
  });
}

const portOf = ({ port }: Listener): number => port;

/** Those of the first that the second does not have, each as often as it is one too many. */
function without<T>(these: readonly T[], those: readonly T[]): T[] {
  const left = [...those];
  return these.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
