/** A table of Markdown: the first column is text, the others are numbers, unless they are not. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { numbers = true } = {},
): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 || !numbers ? '---' : '--:'))), ...rows.map(line)].join('\n');
}
