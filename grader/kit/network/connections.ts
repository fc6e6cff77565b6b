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

/** How the connections went; `disturbed` is what went otherwise than planned, if anything did. */
export interface Dialing {
  dialed: Dialed[];
  /** The number of retransmits that were tail loss probes. */
  probes: number;
  disturbed?: string;
}

/**
 * At most 64, all at once; until the kernel has given up on all that get no answer, some 4 to 10 seconds. On a machine that halts for
 * a moment, TCP sends again what was not lost, and a connection may end before it was made: such connections are no evidence.
 */
export async function dial({ machine, toolkit }: Kit, plan: readonly Connection[]): Promise<Dialing> {
  const input = plan.map(({ port, kind, family, source }) => `${port} ${kind} ${family} ${source}\n`).join('');
  const result = await machine.run([toolkit.dialer], { input, timeoutMs: 90_000 });
  const lines = result.stdout.split('\n').slice(0, -1);
  if (result.code !== 0 || lines.length !== plan.length)
    return {
      dialed: [],
      probes: 0,
      disturbed: `The dialer ended with code ${result.code}: ${result.stderr.slice(0, 500)}`,
    };
  const said = lines.map((text) => parseLine(text, line, 'The dialer'));
  const wrong = plan.flatMap(({ port, kind }, index) => {
    const { port: its, errno, retransmits } = said[index]!;
    if (its === port && errno === errnos[kind] && givesUp(kind) === retransmits > 0) return [];
    return [`The connection to ${port}, ${kind}, ended with errno ${errno} after ${retransmits} retransmits.`];
  });
  return {
    dialed: plan.map((connection, index) => ({
      ...connection,
      retransmits: said[index]!.retransmits,
      to: connection.kind === 'reply' ? connection.source : connection.port,
    })),
    probes: said.at(-1)?.probes ?? 0,
    ...(wrong.length > 0 && { disturbed: wrong.join(' ') }),
  };
}
