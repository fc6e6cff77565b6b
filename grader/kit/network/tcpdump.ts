/** Capture filters as tcpdump compiles them: an expression in words, to classic BPF for frames of an Ethernet. */
import type { Machine } from '../../machine/machine.ts';
import { compilerUid } from '../guest/compiler.ts';
import { CheckFailure } from '../../verdict/failure.ts';

/** One instruction of classic BPF, as in struct sock_filter. */
export interface ClassicInstruction {
  code: number;
  /** How many instructions to skip if a test holds, and if it does not. */
  jt: number;
  jf: number;
  k: number;
}

/** Compiles the expression in a file. CheckFailure if tcpdump does not understand it. */
export async function compileFilter(machine: Machine, path: string): Promise<ClassicInstruction[]> {
  const result = await machine.run(['tcpdump', '-ddd', '-y', 'EN10MB', '-F', path], {
    uid: compilerUid,
    timeoutMs: 30_000,
    memoryBytes: 256 * 2 ** 20,
    maxProcesses: 8,
    maxOutputBytes: 256 * 2 ** 10,
  });
  if (result.code === 126 || result.code === 127)
    throw new Error(`tcpdump does not start on the machine: ${result.stderr.slice(0, 500)}`);
  if (result.code !== 0)
    throw new CheckFailure({
      text: 'tcpdump does not understand the expression.',
      expected: 'An expression as in man pcap-filter.',
      actual: result.stderr.replaceAll('tcpdump: ', '').trim().slice(0, 500) || 'tcpdump failed, and said nothing.',
      help: 'An expression is made of primitives, such as "udp port 53", joined by and, or and not. Try yours: tcpdump -d -F with the name of your file.',
      wholeLog: result.stderr,
    });
  return parseClassic(result.stdout);
}

/** Reads what `tcpdump -ddd` prints: the number of instructions, then one a line, in decimal. */
export function parseClassic(text: string): ClassicInstruction[] {
  const [count, ...lines] = text.trim().split('\n');
  const instructions = lines.map((line) => {
    const [code, jt, jf, k] = line.split(' ').map(Number);
    return { code: code!, jt: jt!, jf: jf!, k: k! };
  });
  const fits = (value: number, bits: number) => Number.isInteger(value) && value >= 0 && value < 2 ** bits;
  const wellFormed = instructions.every(
    ({ code, jt, jf, k }) => fits(code, 16) && fits(jt, 8) && fits(jf, 8) && fits(k, 32),
  );
  if (!wellFormed || instructions.length === 0 || Number(count) !== instructions.length)
    throw new Error(`Not a filter as tcpdump -ddd prints it: ${JSON.stringify(text.slice(0, 200))}`);
  return instructions;
}

/** struct sock_filter[] of a little-endian machine. */
export function encodeClassic(instructions: readonly ClassicInstruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(8 * instructions.length));
  for (const [i, { code, jt, jf, k }] of instructions.entries()) {
    bytes.setUint16(8 * i, code, true);
    bytes.setUint8(8 * i + 2, jt);
    bytes.setUint8(8 * i + 3, jf);
    bytes.setUint32(8 * i + 4, k, true);
  }
  return new Uint8Array(bytes.buffer);
}
