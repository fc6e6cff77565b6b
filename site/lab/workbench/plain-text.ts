/** What a terminal would show of a text, without colours and moves: for a log that can be read aloud. Pure. */

// CSI, OSC (to its end, or the text's), and the other sequences of two or three characters.
const sequences = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\|$)|\x1b[ -/]*[0-~]/g;
const controls = /[\x00-\x08\x0b-\x1f\x7f]/g;

export function plainText(raw: string): string {
  let text = raw.replace(sequences, '').replace(/\r+\n/g, '\n');
  // A line that was typed and corrected.
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(/[^\n\b]\x08/g, '');
  }
  return text
    .split('\n')
    .map((line) => line.slice(line.lastIndexOf('\r') + 1).replace(controls, ''))
    .join('\n');
}
