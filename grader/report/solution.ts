/** A solution as `grade solution` shows it: its files, or how they differ from the learner's, and what often goes wrong. Pure. */
import { createTwoFilesPatch } from 'diff';
import type { LoadedExercise } from '../course/exercise.ts';
import { plain } from '../verdict/text.ts';
import { painter, type Screen, wrap } from './paint.ts';

export function renderFiles(files: ReadonlyMap<string, string>, screen: Screen): string {
  const paint = painter(screen);
  return [...files]
    .map(([name, text]) => `${paint('bold', screen.plain ? `File ${name}:` : name)}\n\n${text.trimEnd()}`)
    .join('\n\n');
}

/** A unified diff, from the learner's files to the solution's; one that is missing is empty. */
export function unifiedDiff(own: ReadonlyMap<string, string>, solution: ReadonlyMap<string, string>): string {
  return [...solution]
    .filter(([name, text]) => own.get(name) !== text)
    .map(([name, text]) =>
      createTwoFilesPatch(
        `yours/${name}`,
        `solution/${name}`,
        plain(own.get(name) ?? ''),
        plain(text),
        undefined,
        undefined,
        { headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true } },
      ),
    )
    .join('\n')
    .trimEnd();
}

export function renderDiff(diff: string, screen: Screen): string {
  const paint = painter(screen);
  return diff
    .split('\n')
    .map((line) => {
      if (/^(---|\+\+\+) /.test(line)) return paint('bold', line);
      if (line.startsWith('@@')) return paint('cyan', line);
      return line.startsWith('+') ? paint('green', line) : line.startsWith('-') ? paint('red', line) : line;
    })
    .join('\n');
}

/** The misconceptions behind the exercise's mistakes, each with the check that catches it. */
export function renderMisconceptions(
  { wrong, checks }: Pick<LoadedExercise, 'wrong' | 'checks'>,
  screen: Screen,
): string {
  const paint = painter(screen);
  const lines = Object.values(wrong).map(({ misconception, fails }) => {
    const caught = checks.find(({ id }) => id === fails)!.title;
    const [first = '', ...rest] = wrap(`“${misconception}”`, screen.width - 4);
    return [
      `  - ${first}`,
      ...[...rest, ...wrap(`This belief fails at: ${caught}`, screen.width - 4)].map((line) => `    ${line}`),
    ].join('\n');
  });
  return `${paint('bold', 'What often goes wrong')}\n${lines.join('\n')}`;
}
