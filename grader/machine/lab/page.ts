/** A machine of the lab in a page: what it is made of is bytes that the page has fetched (page-files.ts says which files there are). */
import { Lab, type Thread } from './lab.ts';
import type { FromMachine, ToMachine } from './messages.ts';
import { compileWasm } from './wasm.ts';

/** All but `emulator` as they are decompressed. They are copied: keep them for the next machine. */
export interface PageFiles {
  /** URL of emulator.mjs, of the page's own origin or a blob's. */
  emulator: string;
  wasm: Uint8Array;
  state: Uint8Array;
  /** With it the machine can compile from the beginning; see also Lab.addCompiler. */
  compiler?: Uint8Array;
}

/** From lab.json. */
export interface PageInfo {
  kernel: string;
  arch: string;
  state: string;
}

/** A pristine machine in a Web Worker of its own, which lives until stop(). Rejects with MachineLost. */
export async function startInPage({ emulator, wasm, state, compiler }: PageFiles, info: PageInfo): Promise<Lab> {
  const states = compiler ? [state, compiler] : [state];
  const { kernel, arch, state: copyOf } = info;
  const module = await compiled(wasm);
  return Lab.start(startPageThread(), { emulator, module, from: { states } }, { kernel, arch, image: null }, copyOf);
}

const modules = new WeakMap<Uint8Array, Promise<WebAssembly.Module>>();

/** The second machine of the same bytes need not be compiled, and is as fast as the first one has become. */
function compiled(wasm: Uint8Array): Promise<WebAssembly.Module> {
  const known = modules.get(wasm);
  if (known) return known;
  const module = compileWasm(wasm);
  modules.set(wasm, module);
  return module;
}

/** What is used of a Web Worker. */
interface PageWorker {
  postMessage(message: ToMachine): void;
  terminate(): void;
  addEventListener(type: 'message', listener: (event: { data: FromMachine }) => void): void;
  addEventListener(type: 'error', listener: (event: { message?: string }) => void): void;
}
declare const Worker: new (url: URL, options: { type: 'module' }) => PageWorker;

function startPageThread(): Thread {
  // Bundlers find the worker's file by this very form.
  const worker = new Worker(new URL('./page-worker.ts', import.meta.url), { type: 'module' });
  let onEnded: (() => void) | undefined;
  return {
    tell: (message) => worker.postMessage(message),
    hear(onMessage, onEnd) {
      onEnded = onEnd;
      worker.addEventListener('message', ({ data }) => onMessage(data));
      worker.addEventListener('error', ({ message }) => onEnd(message ?? 'its worker could not be loaded'));
    },
    end() {
      worker.terminate();
      const ended = onEnded;
      onEnded = undefined;
      ended?.(); // a Web Worker does not say so
    },
    readThreads: () => new Map(),
  };
}
