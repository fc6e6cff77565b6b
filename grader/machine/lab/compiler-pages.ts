/**
 * The compiler's part of a saved machine: the pages with its files, which are half of all and which a reader who does not compile need not
 * download. In the guest they belong to a ramfs, which keeps each where it is and looks at none before somebody reads the file
 * (environment/lab/init), so they can be put there later, while the machine runs (Emulator.add).
 */
import { createHash } from 'node:crypto';
import { type Page, pageBytes, type State } from './state.ts';

/**
 * Which pages of a state are those of `files`. A page belongs to them if what is in it is once in the files and once in the machine:
 * all else, such as pages that the compiler has in common with others, stays with the machine.
 */
export function splitState({ pages }: State, files: readonly Uint8Array[]): { machine: State; compiler: State } {
  const inFiles = count(files.flatMap(pagesOf));
  const inMachine = count(pages.flatMap(({ bytes }) => (bytes ? [bytes] : [])));
  const isCompilers = ({ bytes }: Page) => {
    if (!bytes) return false;
    const digest = digestOf(bytes);
    return inFiles.get(digest) === 1 && inMachine.get(digest) === 1;
  };
  const [compiler, machine]: [Page[], Page[]] = [[], []];
  for (const page of pages) (isCompilers(page) ? compiler : machine).push(page);
  return { machine: { pages: machine }, compiler: { pages: compiler } };
}

/** As they are in memory: the rest of the last one is zero. */
function pagesOf(file: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(file.byteLength / pageBytes) }, (_, index) => {
    const page = new Uint8Array(pageBytes);
    page.set(file.subarray(index * pageBytes, (index + 1) * pageBytes));
    return page;
  });
}

function count(pages: readonly Uint8Array[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const page of pages) {
    const digest = digestOf(page);
    counts.set(digest, (counts.get(digest) ?? 0) + 1);
  }
  return counts;
}

function digestOf(page: Uint8Array): string {
  return createHash('sha256').update(page).digest('base64');
}
