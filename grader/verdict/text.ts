/** Text that came from a machine or a learner, made safe to show: no escapes, no surprises, a bounded length. */

// What starts with ESC: colours and cursor (CSI), titles and links (OSC and the like), and the short ones. Not node's own
// function, for this runs in browsers too; and each letter is looked at once or twice, however hostile the text.
const escapes =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g;
// C0 without tab and newline, DEL, C1, and the marks that reorder text on the screen ("Trojan Source").
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** `text` without terminal escapes and control characters; lines end in '\n'. At most `max` UTF-16 units. */
export function plain(text: string, max = Number.POSITIVE_INFINITY): string {
  // Escapes are longer than what is left of them, so a hostile megabyte need not be searched whole.
  const bounded = max === Number.POSITIVE_INFINITY ? text : text.slice(0, max * 4 + 1024);
  const lines = bounded.replace(/\r\n?/g, '\n');
  return cut(lines.replace(escapes, '').replace(invisible, '').toWellFormed(), max);
}

/** The same on one line, for titles, names and a line of source. */
export function plainLine(text: string, max = Number.POSITIVE_INFINITY): string {
  return cut(
    plain(text, max + 1)
      .replace(/\n+$/, '')
      .replace(/\n/g, ' '),
    max,
  );
}

/** `text` with '…' for what is beyond `max`; never half a surrogate pair. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '') + '…';
}
