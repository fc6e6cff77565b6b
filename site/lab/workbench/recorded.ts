/** Whether a command that a lesson has recorded can be typed in the lab's guest. Pure. */

/** What a shell does itself, or reads past. */
const own = new Set(
  '! . : [ { } break case cd command continue do done echo elif else esac eval exec exit export false fg for if in jobs kill printf pwd read set shift test then time trap true type ulimit umask unset until wait while'.split(
    ' ',
  ),
);

/** False also of what nobody here understands: process substitution, and all else that is bash's alone. */
export function canType(command: string, tools: ReadonlySet<string>): boolean {
  if (/[<>]\(|\[\[|\$'|<<</.test(command)) return false;
  return firstWords(command).every((word) => own.has(word) || tools.has(word));
}

/** The word that each simple command of a line begins with; those within `$(…)` come last. */
export function firstWords(command: string): string[] {
  const inner: string[] = [];
  const substitution = /\$\(([^()]*)\)/g;
  let bare = command.replace(/\\./g, '_').replace(/'[^']*'/g, '_');
  while (substitution.test(bare)) bare = bare.replace(substitution, (_, within: string) => (inner.push(within), '_'));
  bare = bare.replace(/"[^"]*"/g, '_').replace(/\d*[<>]+(?:&\d|\s*[^\s;|&()]+)/g, ' ');
  const words = bare
    .split(/[|&;()\n]+/)
    .map((part) => part.split(/\s+/).find((word) => word !== '' && !/^\w+=/.test(word) && !skipped.has(word)))
    .filter((word) => word !== undefined);
  return [...words, ...inner.flatMap(firstWords)];
}

/** After these comes another command. */
const skipped = new Set(['!', 'do', 'then', 'else', 'elif', 'if', 'while', 'until', 'time', 'exec', 'command', '{']);
