/** What a recording's lines are, so that a page can colour them, align their points and break them where there is less room than 80 columns. */

export type Sign = 'pass' | 'fail' | 'none';

export type TerminalLine =
  /** What is typed, behind its prompt: '$ ', '# ' or '(another terminal) # '. */
  | { kind: 'typed'; prompt: string; text: string }
  /** A check of a verdict. Its `title` begins with the indent; `width` is the line's, in columns. */
  | { kind: 'check'; sign: Sign; title: string; gap: string; points: string; width: number }
  /** How far it got: each stage with its sign. */
  | { kind: 'stages'; stages: { sign: Sign; text: string }[] }
  /** 'expected', 'seen', 'help': `label` has the spaces on both sides. */
  | { kind: 'fact'; label: string; text: string }
  /** The last word of a verdict: passed or not. */
  | { kind: 'outcome'; sign: Sign; text: string }
  | { kind: 'sign'; sign: Sign; mark: string; text: string }
  | { kind: 'quiet' | 'next' | 'added' | 'removed' | 'text'; text: string };

const signs: Record<string, Sign> = { '✓': 'pass', '✗': 'fail', '–': 'none' };
const width = 80;

/** The lines of a recording. Those of our own command, which it broke at 80 columns, are whole again. */
export function terminalLines(text: string): TerminalLine[] {
  const lines: TerminalLine[] = [];
  let command = '';
  let last = '';
  for (const raw of text.trimEnd().split('\n')) {
    const ours = /^(?:npx |\.\/)grade\b/.test(command);
    const line =
      typedOf(raw) ?? (ours ? saidLine(raw) : /^diff\b/.test(command) ? diffLine(raw) : { kind: 'text', text: raw });
    if (line.kind === 'typed') command = line.text;
    const before = lines.at(-1);
    if (ours && before && 'text' in before && line.kind === 'text' && isBroken(last, raw))
      before.text += ` ${raw.trim()}`;
    else lines.push(line);
    last = raw;
  }
  return lines;
}

function typedOf(raw: string): TerminalLine | null {
  const [, prompt, text] = /^((?:\(another terminal\) )?[#$] )(.*)$/.exec(raw) ?? [];
  return prompt === undefined ? null : { kind: 'typed', prompt, text: text! };
}

function diffLine(text: string): TerminalLine {
  return { kind: text.startsWith('+') ? 'added' : text.startsWith('-') ? 'removed' : 'text', text };
}

/** Of the command's own output. */
function saidLine(raw: string): TerminalLine {
  const [, title, sign, gap, points] = /^(\s*([✓✗–]) .*?)(\s{2,})(\d+\/\d+)$/.exec(raw) ?? [];
  if (title !== undefined)
    return { kind: 'check', sign: signs[sign!]!, title, gap: gap!, points: points!, width: raw.length };
  if (/^\s*[✓✗–] \w+ → /.test(raw))
    return {
      kind: 'stages',
      stages: raw
        .trim()
        .split(' → ')
        .map((text) => ({ sign: signs[text[0]!]!, text })),
    };
  const [, label, fact] = /^( {2}(?:expected|seen|help|hint|why|lesson) +)(.*)$/.exec(raw) ?? [];
  if (label !== undefined) return { kind: 'fact', label, text: fact! };
  const [, outcome] = /^ {2}([✓✗]) (?:Passed|Not yet)/.exec(raw) ?? [];
  if (outcome !== undefined) return { kind: 'outcome', sign: signs[outcome]!, text: raw };
  const [, mark, rest] = /^(\s*[✓✗–] )(.*)$/.exec(raw) ?? [];
  if (mark !== undefined) return { kind: 'sign', sign: signs[mark.trim()]!, mark, text: rest! };
  if (/^ {2}Linux .* · /.test(raw)) return { kind: 'quiet', text: raw };
  if (/^\s*→ /.test(raw)) return { kind: 'next', text: raw };
  return { kind: 'text', text: raw };
}

/** It was broken there: no smaller indent than before, and no room for the next word. */
function isBroken(before: string, raw: string): boolean {
  const indent = raw.search(/\S/);
  const [word] = raw.trim().split(' ');
  return (
    indent > 0 && before.trim() !== '' && indent >= before.search(/\S/) && before.length + 1 + word!.length > width
  );
}

/** Columns by which what follows is indented if a line is broken: below its text, or two more than its indent. */
export function hangOf(text: string): number {
  const [before] = /^\s*(?:[✓✗–] \S.*? {2,}|(?:[✓✗–→]|\d+\.) )/.exec(text) ?? [];
  return before?.length ?? Math.max(0, text.search(/\S/)) + 2;
}
