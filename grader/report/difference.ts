/** Where what was seen begins to differ from what was expected, for two lines that begin alike. Pure. */

/** So much must be alike, for a caret to help more than it distracts. */
const enoughAlike = 4;

/** A line with a caret under the first sign that differs; undefined where two lines below each other say it themselves. */
export function difference(expected: string, actual: string, width: number): string | undefined {
  if (
    expected === '' ||
    actual === '' ||
    expected === actual ||
    [expected, actual].some((text) => text.includes('\n') || text.length > width)
  )
    return undefined;
  let alike = 0;
  while (alike < expected.length && expected[alike] === actual[alike]) alike += 1;
  if (alike < enoughAlike) return undefined;
  const label =
    alike === actual.length ? '^ ends here' : alike === expected.length ? '^ goes on here' : '^ differs from here';
  return alike + label.length > width ? undefined : `${' '.repeat(alike)}${label}`;
}
