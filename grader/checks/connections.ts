/** The other end of environment/guest/dialer.c: TCP connections whose retransmits the kernel itself has counted. */
import { z } from 'zod';
import { parseLine } from './hostile.ts';
import type { Kit } from './kit.ts';

/** 'silent': the SYN is dropped; 'lossy': the data is; 'refused': answered by RST; 'answered': nothing goes wrong. */
export type ConnectionKind = 'silent' | 'refused' | 'answered' | 'lossy';

export interface Connection {
  port: number;
  kind: ConnectionKind;
}

export interface Dialed extends Connection {
  retransmits: number;
}

const line = z.object({ port: z.int(), errno: z.int(), retransmits: z.int().min(0) });
const etimedout = 110;
const econnrefused = 111;
const errnos: Record<ConnectionKind, number> = { silent: etimedout, lossy: etimedout, refused: econnrefused, answered: 0 };

/** At most 64, all at once; until the kernel has given up on all that get no answer, some 4 to 10 seconds. Throws if one ends otherwise. */
export async function dial({ machine, toolkit }: Kit, plan: readonly Connection[]): Promise<Dialed[]> {
  const input = plan.map(({ port, kind }) => `${port} ${kind}\n`).join('');
  const result = await machine.run([toolkit.dialer], { input, timeoutMs: 90_000 });
  const lines = result.stdout.split('\n').slice(0, -1);
  if (result.code !== 0 || lines.length !== plan.length) throw new Error(`The dialer ended with code ${result.code}: ${result.stderr.slice(0, 500)}`);
  return plan.map((connection, index) => {
    const { port, errno, retransmits } = parseLine(lines[index]!, line, 'The dialer');
    const needed = connection.kind === 'silent' || connection.kind === 'lossy';
    if (port !== connection.port || errno !== errnos[connection.kind] || needed !== retransmits > 0)
      throw new Error(`The connection to ${connection.port}, ${connection.kind}, ended with errno ${errno} after ${retransmits} retransmits.`);
    return { ...connection, retransmits };
  });
}
