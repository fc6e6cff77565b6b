/** Source text as tokens: just enough of a language to change a program by a word or a statement. Nothing here can fail. */

export interface Token {
  kind: 'word' | 'number' | 'string' | 'sign';
  text: string;
  /** Offsets in the source; `end` is behind the last character. */
  start: number;
  end: number;
  /** Of a bracket that has one: the index of its partner. */
  partner?: number;
  /** Brackets of any kind that are open here. */
  depth: number;
  /** It is the value in a `#define` line: a constant, but no statement. */
  defined?: boolean;
}

export interface Syntax {
  /** White space and comments; sticky. */
  skipped: RegExp;
  string: RegExp;
  number: RegExp;
  word: RegExp;
  /** Longest first; any other character is a sign of its own. */
  signs: readonly string[];
  /** Lines that begin with `#` are the preprocessor's. */
  preprocessor?: boolean;
}

const cSigns = '<<= >>= ... -> << >> <= >= == != && || += -= *= /= %= &= |= ^= ++ --'.split(' ');

/** C for the kernel and for user space. */
export const cSyntax: Syntax = {
  skipped: /(?:\s|\\\n|\/\/.*|\/\*[^]*?\*\/)+/y,
  string: /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/y,
  number: /0[xX][\da-fA-F]+[uUlL]*|\d[\w.]*/y,
  word: /[A-Za-z_]\w*/y,
  signs: cSigns,
  preprocessor: true,
};

/** A `/` is a sign there whether it divides or begins a filter; a probe's name is words with `:` between. */
export const bpftraceSyntax: Syntax = { ...cSyntax, word: /[$@]?[A-Za-z_]\w*|@|\$\d+/y, preprocessor: false };

export const pythonSyntax: Syntax = {
  skipped: /(?:[^\S\n]|\\\n|#.*)+/y,
  string: /[rbfuRBFU]{0,2}(?:"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')/y,
  number: cSyntax.number,
  word: cSyntax.word,
  signs: [...'**= //= ** // ->'.split(' '), ...cSigns],
};

export function tokenize(source: string, syntax: Syntax): Token[] {
  const tokens: Token[] = [];
  const open: number[] = [];
  let defined = false;
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  while (at < source.length) {
    const skipped = take(syntax.skipped);
    if (skipped) {
      defined &&= !/(?<!\\)\n/.test(skipped);
      at += skipped.length;
      continue;
    }
    if (syntax.preprocessor && source[at] === '#') {
      // Of a definition the value is ours to change; the rest, and every other directive, is not.
      const name = take(/#\s*define\s+\w+(?:\([^)]*\))?/y);
      defined = name !== undefined;
      at += (name ?? take(/#(?:\\\n|.)*/y)!).length;
      continue;
    }
    const string = take(syntax.string);
    const number = string === undefined ? take(syntax.number) : undefined;
    const word = string === undefined && number === undefined ? take(syntax.word) : undefined;
    const text = string ?? number ?? word ?? syntax.signs.find((sign) => source.startsWith(sign, at)) ?? source[at]!;
    const kind = string ? 'string' : number ? 'number' : word ? 'word' : 'sign';
    if (kind === 'sign' && ')]}'.includes(text)) {
      const opener = open.pop();
      if (opener !== undefined) {
        tokens[opener]!.partner = tokens.length;
        tokens.push({ kind, text, start: at, end: at + text.length, depth: open.length, partner: opener });
      } else tokens.push({ kind, text, start: at, end: at + text.length, depth: 0 });
    } else {
      tokens.push({ kind, text, start: at, end: at + text.length, depth: open.length, ...(defined && { defined }) });
      if (kind === 'sign' && '([{'.includes(text)) open.push(tokens.length - 1);
    }
    at += text.length;
  }
  return tokens;
}
