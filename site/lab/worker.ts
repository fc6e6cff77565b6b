/** The judge, beside the page: downloads the lab's files, opens a pristine machine for each run, and says what is decided as it is. */
import './node/globals.ts';
import { startInPage } from '../../grader/machine/lab/page.ts';
import { MachineLost, type Machine } from '../../grader/machine/machine.ts';
import { hintLadder } from '../../grader/verdict/hint.ts';
import type { ObjectStore } from '../../grader/machine/object-store.ts';
import { exercises } from 'virtual:hookpoint/lab';
import { filesFor, homeObjects, type Part, partsForHome } from './description.ts';
import * as home from './home/demonstration.ts';
import { fetchFiles, FilesProblem } from './files.ts';
import { judgeHere } from './judge.ts';
import type { FromJudge, Place, Problem, ToJudge } from './messages.ts';

const tell = (message: FromJudge) => postMessage(message);

/** What was downloaded and unpacked before: each run begins with the same bytes. */
const unpacked = new Map<string, Uint8Array<ArrayBuffer>>();

onmessage = async ({ data }: MessageEvent<ToJudge>) => {
  try {
    await judge(data);
  } catch (error) {
    tell({ type: 'failed', problem: problemOf(error) });
  }
};

async function judge({ place, exercise, files, home: program }: ToJudge): Promise<void> {
  const load = program ? demonstration : exercises[exercise];
  if (!load) throw new Error(`the lab does not offer ${exercise}`);
  const parts: Part[] = program ? partsForHome(place.description) : ['machine', 'compiler'];
  const [{ about, own }] = await Promise.all([load(), provide(place, parts)]);
  tell({ type: 'starting' });
  const result = await judgeHere({
    about,
    own,
    files,
    open: () => openMachine(place),
    ...(program && { objects: madeBefore(bytesOf(place, homeObjects[program])) }),
    onCheck: ({ id }, decided) => tell({ type: 'check', id, ...(decided && { result: decided }) }),
  });
  const failed = about.exercise.checks.find(({ id }) =>
    result.checks.some((check) => check.id === id && check.outcome === 'fail'),
  );
  tell({
    type: 'judged',
    result,
    hints: failed ? hintLadder.map((rung) => failed.hints[rung]) : [],
    solution: result.outcome === 'pass' ? about.solution : null,
  });
}

/** Downloads and unpacks what is not there yet. */
async function provide({ folder, description }: Place, parts: readonly Part[]): Promise<void> {
  const files = filesFor(description, parts).files.filter(({ sha256 }) => !unpacked.has(sha256));
  const found = await fetchFiles({
    folder,
    files,
    onProgress: (bytes, total) => tell({ type: 'download', bytes, total }),
    onUnpacking: (part) => tell({ type: 'unpacking', part }),
  });
  for (const file of files) unpacked.set(file.sha256, found.get(file.name)!);
}

const demonstration = async () => ({
  about: home.about,
  own: home.ownRuns((lines) => tell({ type: 'printed', lines })),
});

/** The one object that there is, whatever is asked for; nothing if it has to be compiled. */
function madeBefore(object: Uint8Array | undefined): ObjectStore {
  return { find: async () => object && { object, stderr: '' }, keep: async () => {} };
}

/** Undefined where lab.json has no such file, or it was not wanted. */
function bytesOf({ description }: Place, name: string): Uint8Array<ArrayBuffer> | undefined {
  const file = description.files.find((one) => one.name === name);
  return file && unpacked.get(file.sha256);
}

function openMachine(place: Place): Promise<Machine> {
  const [emulator, wasm, state] = ['emulator.mjs', 'emulator.wasm.gz', 'state.gz'].map((name) => bytesOf(place, name));
  if (!emulator || !wasm || !state) throw new Error('lab.json names no emulator, or no state');
  const compiler = bytesOf(place, 'compiler.gz');
  emulatorAddress ??= URL.createObjectURL(new Blob([emulator], { type: 'text/javascript' }));
  return startInPage({ emulator: emulatorAddress, wasm, state, ...(compiler && { compiler }) }, place.description);
}

/** From the bytes whose digest was checked, so that it works offline too. */
let emulatorAddress: string | undefined;

function problemOf(error: unknown): Problem {
  const { message } = error as Error;
  if (error instanceof FilesProblem) return { what: error.what, message };
  if (error instanceof MachineLost) return { what: 'machine', message };
  // What engines throw where an array or a WebAssembly memory has no room.
  if (error instanceof RangeError || /out of memory|allocation failed/i.test(message))
    return { what: 'memory', message };
  return { what: 'page', message };
}
