/** What `grade verify --mutate` prints: a line a mutant while it goes on, and a table of the exercises at the end. */
import type { JudgedMutant, MutantOutcome, MutationScore } from '../mutation/outcome.ts';
import { marks, painter, type Screen, type Style } from './paint.ts';

const words: Record<MutantOutcome, string> = {
  killed: 'killed',
  equivalent: 'same code as the solution',
  same: 'same code as an earlier mutant',
  invalid: 'does not compile',
  excused: 'passes, with a reason',
  survived: 'SURVIVED',
  error: 'not judged',
};

/** `again`: the command that grades this one again. */
export function renderMutant({ mutant, outcome, about }: JudgedMutant, again: string, screen: Screen): string {
  const [paint, mark] = [painter(screen), marks(screen)];
  const [sign, style]: [string, Style] =
    outcome === 'survived'
      ? [mark.fail, 'red']
      : outcome === 'error'
        ? [mark.error, 'red']
        : outcome === 'killed'
          ? [mark.pass, 'green']
          : [mark.skipped, 'dim'];
  const change = `${cut(mutant.was || 'nothing')} → ${cut(mutant.is || 'nothing')}`;
  const end = outcome === 'killed' ? `killed ${about}` : words[outcome];
  const line = `${paint(style, sign)} ${`${mutant.file}:${mutant.line}`.padEnd(20)} ${mutant.title.padEnd(34)} ${change.padEnd(44)} ${end}`;
  if (outcome !== 'survived' && outcome !== 'error') return line;
  return [
    line,
    `    ${mutant.before}`,
    `    ${mutant.after}`,
    ...about
      .split('\n')
      .filter(Boolean)
      .map((text) => `    ${text}`),
    `    again: ${again}`,
  ].join('\n');
}

export interface MutationRow {
  exercise: string;
  score: MutationScore;
}

export function renderMutationTable(rows: readonly MutationRow[], screen: Screen): string {
  const paint = painter(screen);
  const columns = ['killed', 'excused', 'survived', 'equivalent', 'invalid', 'error'] as const;
  const widest = Math.max(8, ...rows.map(({ exercise }) => exercise.length));
  const line = (first: string, cells: readonly string[]) =>
    `${first.padEnd(widest)}  ${cells.map((cell) => cell.padStart(10)).join('  ')}`;
  return [
    paint('bold', line('exercise', columns)),
    ...rows.map(({ exercise, score }) => {
      const text = line(
        exercise,
        columns.map((column) => `${score[column]}`),
      );
      return score.survived > 0 || score.error > 0 ? paint('red', text) : text;
    }),
    '',
    'killed: a check fails. excused: passes, and mutants.yaml says why. survived: passes, and nobody says why.',
    'equivalent: the compiler makes the solution’s own code of it. invalid: it does not compile.',
  ].join('\n');
}

function cut(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 37)}…`;
}
