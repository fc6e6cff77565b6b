/** A C program of the grader's own for learners to probe: with symbols, and static probes (USDT) where it has them. */
import type { Kit } from '../kit.ts';

export interface TargetProgram {
  /** Where it is on the machine. */
  path: string;
  /** The offset in the file of each global function, as a uprobe by offset takes it. */
  offsets: ReadonlyMap<string, number>;
}

/**
 * Compiles C with `-O1`, symbols kept. `#include <sys/sdt.h>` and DTRACE_PROBE1(provider, probe, argument) make a static probe.
 *
 * ```ts
 * const target = await buildTarget(kit, 'server', source);
 * await program.attachTo({ uprobe: target.path, offset: target.offsets.get('parse')! });
 * await program.attachTo({ usdt: target.path, provider: 'server', probe: 'request' });
 * await kit.machine.run([target.path]);
 * ```
 */
export async function buildTarget(kit: Kit, name: string, source: string): Promise<TargetProgram> {
  const path = `${kit.folder}/${name}`;
  await kit.machine.put(`${path}.c`, source);
  const script = `gcc -O1 -fno-inline -fno-ipa-cp -fno-ipa-icf -no-pie -o "$1" "$1.c" && readelf -lW "$1" && echo symbols && readelf -sW "$1"`;
  const made = await kit.machine.run(['sh', '-c', script, 'sh', path], { timeoutMs: 120_000 });
  if (made.code !== 0) throw new Error(`The target ${name} does not compile: ${made.stderr.slice(0, 1000)}`);
  return { path, offsets: readOffsets(made.stdout) };
}

/** From `readelf -lW`, a line 'symbols', and `readelf -sW`: addresses of functions, as places in the file. */
export function readOffsets(listing: string): Map<string, number> {
  const [segments = '', symbols = ''] = listing.split(/^symbols$/m);
  const loads = [...segments.matchAll(/^\s*LOAD\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)\s+\S+\s+0x([0-9a-f]+)/gm)].map(
    ([, offset, address, size]) => [offset, address, size].map((text) => Number.parseInt(text!, 16)) as Load,
  );
  return new Map(
    [...symbols.matchAll(/^\s*\d+:\s+([0-9a-f]+)\s+\d+\s+FUNC\s+GLOBAL\s+DEFAULT\s+\d+\s+(\w+)$/gm)].flatMap(
      ([, text, name]) => {
        const address = Number.parseInt(text!, 16);
        const load = loads.find(([, start, size]) => address >= start && address < start + size);
        return load ? [[name!, address - load[1] + load[0]] as const] : [];
      },
    ),
  );
}

type Load = [offset: number, address: number, size: number];
