/** What is used of the global WebAssembly, of which Node's types say less than those of a page. */
interface WebAssemblyHere {
  compile(bytes: Uint8Array): Promise<WebAssembly.Module>;
  instantiate(module: WebAssembly.Module, imports: object): Promise<object>;
}

export const { compile: compileWasm, instantiate: instantiateWasm } = (
  globalThis as unknown as { WebAssembly: WebAssemblyHere }
).WebAssembly;
