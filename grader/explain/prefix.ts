/**
 * Takes off what a logger puts before every line: a time, a level, a pod, a place in its own source. No list of loggers: what stands before
 * the words that only the verifier, libbpf and clang write is a prefix if it has the same shape on several lines.
 */

/**
 * Beginnings of what these tools write, also what the verifier itself writes before an instruction. Each is looked for
 * once a line, so they are one expression.
 */
const beginnings =
  /(?:mark_precise: |regs=\w{0,40} stack=\S{0,100} before \d|libbpf: |libxdp: |\d{1,7}: \([0-9a-f]{2}\) |; [^;]{1,300} @ \S+:\d+|processed \d{1,9} insns|-- (?:BEGIN|END) PROG LOAD LOG|R\d{1,2} (?:invalid|!read_ok|type=|min value|max value|unbounded|offset is outside|pointer|leaks|has )|invalid (?:access to|mem access|bpf_context|indirect read|func|zero-sized)|func#\d+ @\d+|from \d+ to \d+(?: \([^)]*\))?:|\d{1,7}: R\d{1,2}(?:_\w+)?=|[\w./-]{1,100}\.(?:c|h):\d+:\d+: (?:fatal )?(?:error|warning|note): )/;

// A prefix is short, and so is what can vary in it.
const longest = 200;
const mostShapes = 6;
const enough = 2;

export function stripPrefixes(lines: readonly string[]): string[] {
  const shapes = new Map<string, { count: number; prefix: string }>();
  let marked = 0;
  for (const line of lines) {
    const at = beginnings.exec(line.slice(0, longest + 300))?.index ?? -1;
    if (at < 0 || at > longest) continue;
    marked += 1;
    const prefix = line.slice(0, at);
    const shape = shapeOf(prefix);
    const known = shapes.get(shape);
    if (known) known.count += 1;
    else if (shapes.size < 1000) shapes.set(shape, { count: 1, prefix });
  }
  const found = [...shapes]
    .filter(([shape, { count }]) => shape.trim() !== '' && count >= enough && count >= marked / 10)
    .sort((one, other) => other[1].count - one[1].count)
    .slice(0, mostShapes);
  // Where most lines have none, what one has is no logger's.
  const bare = [...shapes].filter(([shape]) => shape.trim() === '').reduce((sum, [, { count }]) => sum + count, 0);
  if (found.length === 0 || bare > marked / 2) return [...lines];
  const patterns = found.map(([shape]) => patternOf(shape));
  return lines.map((line) => {
    const head = line.slice(0, longest * 2);
    for (const pattern of patterns) {
      const prefix = pattern.exec(head)?.[0];
      if (prefix) return unquote(prefix, line.slice(prefix.length));
    }
    return line;
  });
}

/** logrus and others put the message into quotes: 'level=error msg="…"'. */
function unquote(prefix: string, line: string): string {
  return prefix.endsWith('"') && line.endsWith('"') ? line.slice(0, -1).replaceAll('\\"', '"') : line;
}

/** Letters are 'a', digits '0', spaces one: 'E1128 18:00:00.123 1 loader.go:123] ' is 'a0 0:0:0.0 0 a.a:0] '. */
function shapeOf(prefix: string): string {
  return prefix
    .replace(/[A-Za-z_]+/g, 'a')
    .replace(/\d+/g, '0')
    .replace(/(?:a0|0a)[a0]*/g, 'w')
    .replace(/\s+/g, ' ');
}

function patternOf(shape: string): RegExp {
  const source = [...shape]
    .map((letter) => {
      if (letter === 'a') return '[A-Za-z_]+';
      if (letter === '0') return '\\d+';
      if (letter === 'w') return '\\w+';
      if (letter === ' ') return '[ \\t]+';
      return letter.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}`);
}
