/** A part of a file: what lies between '#region NAME' and '#endregion', in whatever comment. */

const mark = /^\s*(?:\/\/|#|\/\*|--|;)\s*#(region|endregion)\b\s*([\w-]*)/;

/** Moved to the left margin; without marks. Throws if the file has no such region, or it has no end. */
export function regionOf(text: string, name: string, file: string): string {
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => mark.exec(line)?.[1] === 'region' && mark.exec(line)?.[2] === name);
  if (begin < 0) throw new Error(`${file} has no region ${name}; it has ${namesOf(lines).join(', ') || 'none'}`);
  const length = lines.slice(begin + 1).findIndex((line) => mark.exec(line)?.[1] === 'endregion');
  if (length < 0) throw new Error(`${file}: the region ${name} has no #endregion`);
  const wanted = lines.slice(begin + 1, begin + 1 + length);
  const margin = Math.min(...wanted.filter((line) => line.trim() !== '').map((line) => /^\s*/.exec(line)![0].length));
  return wanted.map((line) => line.slice(margin)).join('\n');
}

/** The whole file without marks. */
export function withoutMarks(text: string): string {
  return text
    .split('\n')
    .filter((line) => !mark.test(line))
    .join('\n')
    .trimEnd();
}

/** Where each region begins in what withoutMarks returns: its first line, counted from 1. */
export function namedRegions(text: string): Record<string, number> {
  const regions: Record<string, number> = {};
  let line = 1;
  for (const one of text.split('\n')) {
    const [marked, word, name] = mark.exec(one) ?? [];
    if (word === 'region') regions[name!] = line;
    if (marked === undefined) line += 1;
  }
  return regions;
}

function namesOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => (mark.exec(line)?.[1] === 'region' ? [mark.exec(line)![2]!] : []));
}
