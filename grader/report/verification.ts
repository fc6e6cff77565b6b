/** What `grade verify` prints: a line a case while it goes on, and a table at the end. */
import { marks, pad, painter, type Screen, visibleLength } from './paint.ts';

/** One exercise on one kernel. */
export interface Row {
  exercise: string;
  /** As kernels.json calls it, or `uname -r`. */
  kernel: string;
  release: string;
  image: string | null;
  machine: string;
  /** Solution, starter and mistakes; each is run `seeds` times. */
  cases: number;
  seeds: number;
  runs: number;
  /** Runs that did not end as they must. */
  wrong: number;
  /** Median of the solution's verdicts. */
  seconds: number;
  /** Every case as it must be, or a kernel that need not support the exercise. */
  ok: boolean;
  /** Why the kernel cannot judge it. */
  unsupported?: string;
}

/** One case, graded once. */
export interface Seen {
  exercise: string;
  /** 'solution', 'starter' or 'wrong/<mistake>' */
  case: string;
  /** As kernels.json calls it, or `uname -r`. */
  kernel: string;
  seed: string;
  /** 'pass', 'fail at loads', 'unsupported', 'error' … */
  expected: string;
  seen: string;
  ok: boolean;
  durationMs: number;
  /** What was said about it, if it is not as it must be, or nobody has said how it must be. */
  message?: string;
}

/** `folder`: of the case, relative to the repository, to run it again. */
export function renderCase(one: Seen, folder: string, screen: Screen): string {
  const [paint, mark] = [painter(screen), marks(screen)];
  const unsupported = one.seen.startsWith('unsupported');
  const sign = one.ok
    ? paint('green', mark.pass)
    : unsupported
      ? paint('yellow', mark.unsupported)
      : paint('red', mark.fail);
  const line = `${sign} ${pad(`${one.exercise} ${one.case}`, 48)} ${pad(one.seen, 26)} ${one.kernel.padStart(5)} ${seconds(one.durationMs / 1000)}`;
  if (one.ok && one.message === undefined) return line;
  const about = (one.message ?? 'No check failed.')
    .split('\n')
    .map((text) => `    ${text}`)
    .join('\n');
  if (unsupported || one.ok) return `${line}\n${about}`;
  return `${line}\n    must be: ${one.expected}\n${about}\n    again: npx grade ${folder} --kernel ${one.kernel} --seed ${one.seed}`;
}

/** A line an exercise, a column a kernel. */
export function renderTable(rows: readonly Row[], screen: Screen): string {
  const [paint, mark] = [painter(screen), marks(screen)];
  const kernels = unique(rows.map(({ kernel }) => kernel));
  const exercises = unique(rows.map(({ exercise }) => exercise));
  const widest = Math.max(8, ...exercises.map(visibleLength));
  const column = 16;
  const cell = (row: Row | undefined) => {
    if (!row) return ''.padEnd(column);
    if (row.unsupported !== undefined)
      return paint(row.ok ? 'dim' : 'red', `${mark.unsupported} unsupported`.padEnd(column));
    if (row.wrong > 0) return paint('red', `${mark.fail} ${row.wrong} of ${row.runs}`.padEnd(column));
    return pad(`${paint('green', mark.pass)} ${seconds(row.seconds)}`, column);
  };
  const lines = exercises.map((id) => {
    const own = rows.filter(({ exercise }) => exercise === id);
    return `${pad(id, widest)}  ${String(own[0]!.cases).padStart(5)}  ${kernels.map((kernel) => cell(own.find((row) => row.kernel === kernel))).join('')}`.trimEnd();
  });
  const reasons = rows
    .filter(({ unsupported }) => unsupported !== undefined)
    .map(({ exercise, kernel, unsupported }) => `${mark.unsupported} ${exercise} on ${kernel}: ${unsupported}`);
  const runs = rows.filter(({ unsupported }) => unsupported === undefined).reduce((sum, row) => sum + row.runs, 0);
  const wrong = rows.filter(({ unsupported }) => unsupported === undefined).reduce((sum, row) => sum + row.wrong, 0);
  const seeds = rows[0]?.seeds ?? 1;
  return [
    paint(
      'bold',
      `${'exercise'.padEnd(widest)}  cases  ${kernels.map((kernel) => kernel.padEnd(column)).join('')}`.trimEnd(),
    ),
    ...lines,
    ...(reasons.length > 0 ? ['', ...reasons] : []),
    '',
    `${runs - wrong} of ${runs} runs as they must be, ${seeds === 1 ? 'one workload' : `${seeds} workloads`} a case; seconds are the solution's.`,
  ].join('\n');
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
