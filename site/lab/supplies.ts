/** What a worker of the lab has downloaded and unpacked: each machine begins with the same bytes. */
import { startInPage } from '../../grader/machine/lab/page.ts';
import type { Lab } from '../../grader/machine/lab/lab.ts';
import { MachineLost } from '../../grader/machine/machine.ts';
import { filesFor, type Part } from './description.ts';
import { fetchFiles, FilesProblem } from './files.ts';
import type { FromMachineRoom, Place, Problem } from './messages.ts';

const unpacked = new Map<string, Uint8Array<ArrayBuffer>>();

/** Downloads and unpacks what is not there yet. Rejects with FilesProblem. */
export async function provide(
  { folder, description }: Place,
  parts: readonly Part[],
  tell: (message: FromMachineRoom) => void,
): Promise<void> {
  const files = filesFor(description, parts).files.filter(({ sha256 }) => !unpacked.has(sha256));
  const found = await fetchFiles({
    folder,
    files,
    onProgress: (bytes, total) => tell({ type: 'download', bytes, total }),
    onUnpacking: (part) => tell({ type: 'unpacking', part }),
  });
  for (const file of files) unpacked.set(file.sha256, found.get(file.name)!);
}

/** Undefined where lab.json has no such file, or it was not wanted. */
export function bytesOf({ description }: Place, name: string): Uint8Array<ArrayBuffer> | undefined {
  const file = description.files.find((one) => one.name === name);
  return file && unpacked.get(file.sha256);
}

/** With its compiler, if that is there. Rejects with MachineLost. */
export function openMachine(place: Place): Promise<Lab> {
  const [emulator, wasm, state] = ['emulator.mjs', 'emulator.wasm.gz', 'state.gz'].map((name) => bytesOf(place, name));
  if (!emulator || !wasm || !state) throw new Error('lab.json names no emulator, or no state');
  const compiler = compilerIn(place);
  emulatorAddress ??= URL.createObjectURL(new Blob([emulator], { type: 'text/javascript' }));
  return startInPage({ emulator: emulatorAddress, wasm, state, ...(compiler && { compiler }) }, place.description);
}

export function compilerIn(place: Place): Uint8Array<ArrayBuffer> | undefined {
  return bytesOf(place, 'compiler.gz');
}

/** From the bytes whose digest was checked, so that it works offline too. */
let emulatorAddress: string | undefined;

export function problemOf(error: unknown): Problem {
  const { message } = error as Error;
  if (error instanceof FilesProblem) return { what: error.what, message };
  if (error instanceof MachineLost) return { what: 'machine', message };
  // What engines throw where an array or a WebAssembly memory has no room.
  if (error instanceof RangeError || /out of memory|allocation failed/i.test(message))
    return { what: 'memory', message };
  return { what: 'page', message };
}
