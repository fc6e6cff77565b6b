/** Finds places in what the learner wrote. */
import type { Location } from '../verdict/result.ts';

/** The learner's files, by name. */
export type Sources = ReadonlyMap<string, string>;

/** A place that a tool named, with the line itself; null if that is not one of the learner's files. */
export function locate(sources: Sources, path: string, line: number, column?: number): Location | null {
  const file = submittedName(sources, path);
  const source = sources.get(file)?.split(/\r?\n/)[line - 1];
  if (source === undefined) return null;
  return { file, line, ...(column !== undefined && column > 0 && { column }), source };
}

/** The only line that reads so, but for indentation; null if there are several: a guess would mislead. */
export function locateLine(sources: Sources, text: string): Location | null {
  const wanted = text.trim();
  return wanted === '' ? null : only(sources, (line) => line.trim() === wanted);
}

/** The first line with `text` in it. */
export function locateText(sources: Sources, text: string): Location | null {
  return all(sources, (line) => line.includes(text))[0] ?? null;
}

/** Where a program or function of this name begins, also if the macro BPF_PROG or the like makes it. */
export function locateFunction(sources: Sources, name: string): Location | null {
  if (!/^\w+$/.test(name)) return null;
  const definition = new RegExp(
    `(?:\\w[\\w\\s*]*[\\s*](?<!\\breturn\\s{1,9})${name}\\s*\\(|\\b(?:BPF_\\w*PROG\\w*|BPF_K\\w+|BPF_U\\w+)\\(${name}\\b)(?!.*;\\s*$)`,
  );
  // A definition is short; on a hostile line of thousands of letters the expression would take seconds.
  return only(sources, (line) => line.length < 500 && definition.test(line));
}

/** The learner's name for a path that a tool gives: '/work/bpf/a.bpf.c' is 'bpf/a.bpf.c' if there is one, and so is 'a.bpf.c' if it is the only one. */
function submittedName(sources: Sources, path: string): string {
  const names = [...sources.keys()];
  const whole = names.find((name) => path === name || path.endsWith(`/${name}`));
  const sameEnd = names.filter((name) => fileName(name) === fileName(path));
  return whole ?? (sameEnd.length === 1 ? sameEnd[0]! : fileName(path));
}

/** '/src/a.bpf.c' is 'a.bpf.c'. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function only(sources: Sources, fits: (line: string) => boolean): Location | null {
  const found = all(sources, fits);
  return found.length === 1 ? found[0]! : null;
}

function all(sources: Sources, fits: (line: string) => boolean): Location[] {
  const found: Location[] = [];
  for (const [file, text] of sources) {
    for (const [i, source] of text.split(/\r?\n/).entries()) {
      if (fits(source)) found.push({ file, line: i + 1, source });
    }
  }
  return found;
}
