/** Both programs run on all packets, with several services in turn; what comes out is compared with what must. */
import type { Frame, Kit, LoadedProgram, Program } from '#kit';
import { drawDirection, type Group, type Wanted } from './frames.ts';
import { ends, withoutChecksums, wrongChecksum, wrongIpChecksum } from './packet.ts';
import { drawServices, serviceMap } from './service.ts';

/** What came out of a program for one packet; each is '' or says what is wrong. */
export interface Seen {
  what: string;
  /** Return value, addresses, ports, and all that is no checksum. */
  fields: string;
  ipChecksum: string;
  /** Of TCP or UDP. */
  checksum: string;
}

/** With several services in turn, in both directions. */
export async function translate(kit: Kit, program: Program): Promise<Map<Group, Seen[]>> {
  const map = await serviceMap(program);
  const [inbound, outbound] = [await program.named('from_clients'), await program.named('to_clients')];
  const seen = new Map<Group, Seen[]>();
  for (const service of drawServices(kit)) {
    await map.set(0, service);
    await runAll(kit, inbound, drawDirection(kit, service, true), seen);
    const { others, ...translated } = drawDirection(kit, service, false);
    await runAll(kit, outbound, { outbound: Object.values(translated).flat(), others }, seen);
  }
  return seen;
}

async function runAll(
  kit: Kit,
  program: LoadedProgram,
  groups: Partial<Record<Group, Wanted[]>>,
  seen: Map<Group, Seen[]>,
): Promise<void> {
  const all = kit.random.shuffle(
    (Object.entries(groups) as [Group, Wanted[]][]).flatMap(([group, some]) => some.map((one) => ({ group, ...one }))),
  );
  const runs = await program.runEach(all.map(({ frame }) => frame.bytes));
  for (const [i, { group, frame, bytes }] of all.entries())
    seen.set(group, [...(seen.get(group) ?? []), compare(frame, bytes, runs[i]!)]);
}

function compare(frame: Frame, wanted: Uint8Array, { retval, data }: { retval: number; data: Uint8Array }): Seen {
  const { what, bytes } = frame;
  const translated = wanted !== bytes;
  const same = Buffer.from(data).equals(wanted);
  if (retval !== 0) return { what, fields: `returned ${retval}, not TC_ACT_OK`, ipChecksum: '', checksum: '' };
  if (!translated) return { what, fields: same ? '' : 'came out with other bytes', ipChecksum: '', checksum: '' };
  const masked = Buffer.from(data).equals(bytes) ? 'came out as it went in' : differs(wanted, data);
  return {
    what,
    fields: withoutChecksums(data, wanted) === withoutChecksums(wanted, wanted) ? '' : masked,
    ipChecksum: wrongIpChecksum(data),
    checksum: wrongChecksum(data, bytes),
  };
}

function differs(wanted: Uint8Array, data: Uint8Array): string {
  if (data.length !== wanted.length) return `came out with ${data.length} bytes instead of ${wanted.length}`;
  const [is, must] = [ends(data), ends(wanted)];
  const words = ({ source, sourcePort, destination, destinationPort }: typeof is) =>
    `${source}:${sourcePort} to ${destination}:${destinationPort}`;
  return words(is) === words(must)
    ? 'came out with other bytes than it must'
    : `goes from ${words(is)}, not from ${words(must)}`;
}
