/** The other end of environment/guest/dialer.c: TCP connections whose retransmits the kernel itself has counted. */
import { z } from 'zod';
import { parseLine } from '../guest/hostile.ts';
import type { Kit } from '../kit.ts';

/**
 * 'silent': the SYN is dropped; 'lossy': the data is; 'recovered': it is until it was sent again; 'closing': the FIN is; 'reply': the data
 * of who was called is, on its way to the caller's port; 'refused': answered by RST; 'answered': nothing goes wrong.
 */
export type ConnectionKind = keyof typeof errnos;

/** '46' is IPv4 by a socket of IPv6. */
export type Family = '4' | '6' | '46';

const etimedout = 110;
const econnrefused = 111;
const errnos = {
  silent: etimedout,
  lossy: etimedout,
  closing: etimedout,
  reply: etimedout,
  recovered: 0,
  refused: econnrefused,
  answered: 0,
};

export interface Connection {
  port: number;
  kind: ConnectionKind;
  family: Family;
  /** The caller's own port. */
  source: number;
}

export interface Dialed extends Connection {
  retransmits: number;
  /** The port to which they went. */
  to: number;
}

const line = z.object({ port: z.int(), errno: z.int(), retransmits: z.int().min(0), probes: z.int().min(0) });

/** Whether something is sent again. */
export function givesUp(kind: ConnectionKind): boolean {
  return kind !== 'refused' && kind !== 'answered';
}

/**
 * At most 64, all at once; until the kernel has given up on all that get no answer, some 4 to 10 seconds. `probes` is the number of
 * retransmits that were tail loss probes. Throws if a connection ends otherwise.
 */
export async function dial(
  { machine, toolkit }: Kit,
  plan: readonly Connection[],
): Promise<{ dialed: Dialed[]; probes: number }> {
  const input = plan.map(({ port, kind, family, source }) => `${port} ${kind} ${family} ${source}\n`).join('');
  const result = await machine.run([toolkit.dialer], { input, timeoutMs: 90_000 });
  const lines = result.stdout.split('\n').slice(0, -1);
  if (result.code !== 0 || lines.length !== plan.length)
    throw new Error(`The dialer ended with code ${result.code}: ${result.stderr.slice(0, 500)}`);
  let probes = 0;
  const dialed = plan.map((connection, index) => {
    const said = parseLine(lines[index]!, line, 'The dialer');
    const { port, kind } = connection;
    probes = said.probes;
    if (said.port !== port || said.errno !== errnos[kind] || givesUp(kind) !== said.retransmits > 0)
      throw new Error(
        `The connection to ${port}, ${kind}, ended with errno ${said.errno} after ${said.retransmits} retransmits.`,
      );
    return { ...connection, retransmits: said.retransmits, to: kind === 'reply' ? connection.source : port };
  });
  return { dialed, probes };
}
