/** A task, written in Markdown with MDX's components, as text for a terminal. Pure. */
import { marked, type Token, type Tokens } from 'marked';
import { plain } from '../verdict/text.ts';
import { ascii, painter, type Screen, visibleLength, wrap } from './paint.ts';

export interface TaskOptions {
  /** What stands behind the text of a link in brackets; its target by default. */
  shownLink?: (target: string) => string;
}

export function renderTask(mdx: string, screen: Screen, { shownLink = (target) => target }: TaskOptions = {}): string {
  const style: Style = { screen, shownLink };
  const text = `${blocks(marked.lexer(plain(withoutMdx(mdx))), style, screen.width - 2).join('\n\n')}\n`;
  return screen.unicode ? text : ascii(text);
}

interface Style extends Required<TaskOptions> {
  screen: Screen;
}

/** Front matter, imports, comments, and components that stand on a line of their own; what is between these stays. */
function withoutMdx(mdx: string): string {
  const body = mdx.replace(/^---\n[\s\S]*?\n---\n/, '');
  // Every second part is a block of code, where nothing is MDX.
  return body
    .split(/^(```[\s\S]*?^```.*$)/m)
    .map((part, i) =>
      i % 2 === 1
        ? part
        : part
            .replace(/\{\/\*[\s\S]*?\*\/\}/g, '')
            .replace(/^(import|export) .*$/gm, '')
            .replace(/^[ \t]*<\/?[A-Z][^\n]*>[ \t]*$/gm, ''),
    )
    .join('');
}

function blocks(tokens: readonly Token[], style: Style, width: number): string[] {
  return tokens.map((token) => block(token, style, width)).filter((text) => text !== '');
}

function block(token: Token, style: Style, width: number): string {
  const { screen } = style;
  const paint = painter(screen);
  switch (token.type) {
    case 'heading':
      return wrap(
        `${screen.color || screen.plain ? '' : `${'#'.repeat((token as Tokens.Heading).depth)} `}${paint('bold', inline(token, style))}`,
        width,
      ).join('\n');
    case 'code':
      return code(token as Tokens.Code, style);
    case 'list':
      return list(token as Tokens.List, style, width);
    case 'table':
      return table(token as Tokens.Table, style, width);
    case 'blockquote':
      return indented(
        blocks((token as Tokens.Blockquote).tokens, style, width - 2).join('\n\n'),
        screen.plain ? '' : '  ',
      );
    case 'html':
      return withoutTags((token as Tokens.HTML).text).trim();
    case 'space':
    case 'hr':
    case 'def':
      return '';
    default:
      return inline(token, style)
        .split(hardBreak)
        .flatMap((line) => wrap(line.replace(/\n/g, ' ').trim(), width))
        .join('\n');
  }
}

// A line break that the author asked for; nothing else can be this sign, for plain() takes it away.
const hardBreak = '\u0000';

function code({ text, lang }: Tokens.Code, { screen }: Style): string {
  if (!screen.plain) return indented(text, '    ');
  return `Code${lang ? `, ${lang}` : ''}:\n${text}\nEnd of the code.`;
}

function list({ items, ordered, start }: Tokens.List, style: Style, width: number): string {
  const lines = items.map((item, i) => {
    const mark = ordered ? `${Number(start || 1) + i}. ` : '- ';
    const text = blocks(item.tokens, style, width - mark.length).join('\n');
    return mark + indented(text, ' '.repeat(mark.length)).trimStart();
  });
  return lines.join('\n');
}

/** In columns if they fit; else, and in plain mode, a line a row that says the column's name with each cell. */
function table({ header, rows }: Tokens.Table, style: Style, width: number): string {
  const [names, ...cells] = [header, ...rows].map((row) => row.map((cell) => inline(cell, style)));
  const widths = names!.map((name, i) => Math.max(...[name, ...cells.map((row) => row[i] ?? '')].map(visibleLength)));
  const total = widths.reduce((sum, one) => sum + one + 2, 2);
  if (style.screen.plain || total > width)
    return cells
      .map((row) => wrap(names!.map((name, i) => `${name}: ${row[i] ?? ''}`).join('; '), width).join('\n'))
      .join('\n');
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, i) => cell + ' '.repeat(widths[i]! - visibleLength(cell))).join('  ')}`.trimEnd();
  return [painter(style.screen)('dim', line(names!)), ...cells.map(line)].join('\n');
}

/** The text of what is in a token, on one line but for hard breaks. */
function inline(token: { tokens?: Token[] | undefined; text?: string; raw?: string }, style: Style): string {
  if (!token.tokens) return token.text ?? token.raw ?? '';
  return token.tokens.map((part) => span(part, style)).join('');
}

function span(token: Token, style: Style): string {
  const paint = painter(style.screen);
  switch (token.type) {
    case 'strong':
      return paint('bold', inline(token as Tokens.Strong, style));
    case 'em':
      return paint('italic', inline(token as Tokens.Em, style));
    case 'codespan':
      return style.screen.color
        ? paint('cyan', (token as Tokens.Codespan).text)
        : `\`${(token as Tokens.Codespan).text}\``;
    case 'link': {
      const { href } = token as Tokens.Link;
      const text = inline(token as Tokens.Link, style);
      // A page of the site has no address here.
      return text === href || href.startsWith('/') ? text : `${text} (${style.shownLink(href)})`;
    }
    case 'image':
      return `(picture: ${(token as Tokens.Image).text})`;
    case 'br':
      return hardBreak;
    case 'html':
      return withoutTags(token.raw);
    default:
      return inline(token as Tokens.Generic, style);
  }
}

function withoutTags(html: string): string {
  return html.replace(/<[^>]*>/g, '');
}

function indented(text: string, by: string): string {
  return text.replace(/^(?=.)/gm, by);
}
