/** Whether this browser can run the lab at all, before anything is downloaded. */

/** Of the emulator, its saved state and the compiler, in gigabytes. */
const leastMemory = 2;

/** What is in the way, in a sentence for people; null if nothing is. */
export function whyNot(): string | null {
  if (typeof WebAssembly !== 'object')
    return 'This browser has no WebAssembly, or it is switched off, as in some modes for more security.';
  if (typeof Worker === 'undefined') return 'This browser runs no scripts beside a page (Web Workers).';
  if (typeof DecompressionStream === 'undefined')
    return 'This browser is too old: it cannot decompress what the lab downloads (DecompressionStream, in all browsers since 2023).';
  const { deviceMemory } = navigator as { deviceMemory?: number };
  if (deviceMemory !== undefined && deviceMemory < leastMemory)
    return `This device has ${deviceMemory} GB of memory, and the lab needs ${leastMemory}.`;
  return null;
}

/** Whether the reader asked the browser to save data. */
export function savesData(): boolean {
  return (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e6 ? 1 : 0)} MB`;
}
