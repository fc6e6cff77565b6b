/** Runs an exercise's checks in order and decides: the one place where a verdict is made. */
import { CheckFailure, Unsupported } from './failure.ts';
import type { Check, LoadedExercise } from '../course/exercise.ts';
import { toMessage } from './message.ts';
import { hintFor } from './hint.ts';
import { overallOutcome, score } from './outcome.ts';
import { type CheckResult, type Message, type Outcome, type Result, resultSchema } from './result.ts';
import { plain, plainLine } from './text.ts';
import { trouble } from './trouble.ts';

/** Keeps a whole log in a file of this name and says where, relative to the repository. */
export type SaveLog = (name: string, text: string) => string | Promise<string>;

/** The machine, as it describes itself. */
export type JudgedOn = NonNullable<Result['machine']>;

/** `Kit`: what the checks work with; to judge, it does not matter what that is. */
export interface Judging<Kit = never> {
  exercise: LoadedExercise;
  /** How each check judges, by its id (course/code.ts). */
  runs: ReadonlyMap<string, (kit: Kit, check: Check) => Promise<void>>;
  kit: Kit;
  seed: string;
  submission: Submitted;
  machine: JudgedOn;
  saveLog: SaveLog;
  /** How many hints beyond the first the learner has had, by check. */
  hintsGiven?: Readonly<Record<string, number>>;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Called when a check starts, and again with its result. */
  onCheck?: (check: Check, result?: CheckResult) => void;
  /** Called with whatever went wrong on our side. */
  onTrouble?: (error: unknown) => void;
  /** What went wrong on our side, if it is known to be the submission's doing: then the check fails with these words. */
  blame?: (error: unknown) => CheckFailure | undefined;
}

export interface Submitted {
  /** Its folder, relative to the repository. */
  folder: string;
  digest: string | null;
}

export async function judge<Kit>(judging: Judging<Kit>): Promise<Result> {
  const { exercise, now = Date.now } = judging;
  const startedAt = now();
  const checks: CheckResult[] = [];
  // Checks that we or the machine could not judge, and those that wait for them: they cost nothing.
  const forgiven = new Set<string>();
  for (const check of exercise.checks) {
    const obstacle = findObstacle(check, exercise.checks, checks);
    if (!obstacle) judging.onCheck?.(check);
    const result = obstacle ? skipped(check, obstacle, forgiven) : await runCheck(check, judging, now);
    if (result.outcome === 'error' || result.outcome === 'unsupported') forgiven.add(check.id);
    checks.push(result);
    judging.onCheck?.(check, result);
  }
  return resultSchema.parse({
    ...heading(judging, startedAt, now),
    machine: describe(judging.machine),
    outcome: overallOutcome(checks),
    ...score(checks),
    checks,
  });
}

/** A result for what was not run at all, with the reason: no points earned, and none lost. */
export function unjudged(
  about: Pick<Judging, 'exercise' | 'seed' | 'submission' | 'now'> & {
    outcome: Extract<Outcome, 'invalid' | 'unsupported' | 'error'>;
    message: Message;
    machine?: JudgedOn | null;
  },
): Result {
  const { outcome, message, machine, now = Date.now } = about;
  return resultSchema.parse({
    ...heading(about, now(), now),
    machine: machine ? describe(machine) : null,
    outcome,
    points: 0,
    maxPoints: 0,
    checks: [],
    message: toMessage({ ...message, wholeLog: message.log }),
  });
}

async function runCheck<Kit>(
  check: Check,
  { kit, runs, saveLog, onTrouble, blame, hintsGiven = {} }: Judging<Kit>,
  now: () => number,
): Promise<CheckResult> {
  const startedAt = now();
  const end = (outcome: Outcome, points: number, maxPoints: number, message?: Message): CheckResult => ({
    ...nameOf(check),
    outcome,
    points,
    maxPoints,
    durationMs: Math.max(0, now() - startedAt),
    ...(message && { message }),
  });
  try {
    const run = runs.get(check.id);
    if (!run) throw new Error(`Nothing says how the check '${check.id}' is judged.`);
    await run(kit, check);
    return end('pass', check.points, check.points);
  } catch (thrown) {
    const isJudged = thrown instanceof CheckFailure || thrown instanceof Unsupported;
    const failure = isJudged ? thrown : (blame?.(thrown) ?? thrown);
    const error = failure instanceof CheckFailure ? withHelp(check, failure) : failure;
    if (error instanceof CheckFailure) {
      const { wholeLog } = error.detail;
      const logFile = !wholeLog ? undefined : await tryToSave(saveLog, `${check.id}.log`, wholeLog);
      return {
        ...end('fail', 0, check.points, toMessage({ ...error.detail, logFile })),
        hint: plain(hintFor(check, hintsGiven[check.id] ?? 0), 2000),
      };
    }
    if (error instanceof Unsupported) return end('unsupported', 0, 0, toMessage({ text: error.message }));
    onTrouble?.(error);
    const { log, ...message } = trouble(error);
    const logFile = await tryToSave(saveLog, `${check.id}.error.log`, log);
    return end('error', 0, 0, toMessage({ ...message, logFile }));
  }
}

/** With the help that exercise.yaml has for it, unless the failure says its own; an error of ours if it names one that is not there. */
function withHelp({ id, help }: Check, failure: CheckFailure): CheckFailure | Error {
  const { help: said, ...detail } = failure.detail;
  if (help === undefined || (typeof help === 'string' && said !== undefined)) return failure;
  if (typeof help === 'string') return new CheckFailure({ ...detail, help });
  // What the kit itself says is a sentence.
  if (said === undefined || /\s/.test(said)) return failure;
  const sentence = help[said];
  if (sentence === undefined) return new Error(`The check '${id}' has no help named '${said}' in exercise.yaml.`);
  return new CheckFailure({ ...detail, help: sentence });
}

/**
 * What keeps a check from being run: an error anywhere before, or a check before it that did not pass. `done` are the results
 * of the checks above it.
 */
export function findObstacle(
  check: Check,
  all: readonly Check[],
  done: readonly CheckResult[],
): CheckResult | undefined {
  const above = all[done.length - 1]?.id;
  const after = check.after ?? (above === undefined ? [] : [above]);
  const waitsFor = done.filter((result) => after.includes(result.id));
  return (
    done.find((result) => result.outcome === 'error') ??
    waitsFor.find((result) => result.outcome === 'fail') ??
    waitsFor.find((result) => result.outcome !== 'pass')
  );
}

const because: Partial<Record<Outcome, string>> = {
  error: 'could not be finished',
  skipped: 'was not run',
  unsupported: 'cannot be checked on this machine',
};

function skipped(check: Check, obstacle: CheckResult, forgiven: Set<string>): CheckResult {
  if (forgiven.has(obstacle.id)) forgiven.add(check.id);
  return {
    ...nameOf(check),
    outcome: 'skipped',
    points: 0,
    maxPoints: forgiven.has(check.id) ? 0 : check.points,
    durationMs: 0,
    waitsFor: obstacle.id,
    message: toMessage({ text: `Not run: “${obstacle.title}” ${because[obstacle.outcome] ?? 'must pass first'}.` }),
  };
}

function nameOf({ id, title, stage, rationale }: Check): Pick<CheckResult, 'id' | 'title' | 'stage' | 'rationale'> {
  return { id, title, stage, rationale: plain(rationale, 2000) };
}

function heading(about: Pick<Judging, 'exercise' | 'seed' | 'submission'>, startedAt: number, now: () => number) {
  return {
    exercise: about.exercise.id,
    title: about.exercise.title,
    submission: plainLine(about.submission.folder, 500),
    digest: about.submission.digest,
    seed: about.seed,
    startedAt: new Date(startedAt).toISOString(),
    durationMs: Math.max(0, now() - startedAt),
  };
}

/** The machine's own words about itself are hostile text too. */
function describe({ kind, accelerator, kernel, arch, image }: JudgedOn): JudgedOn {
  return {
    kind,
    accelerator: plainLine(accelerator, 20),
    kernel: plainLine(kernel, 100),
    arch: plainLine(arch, 20),
    image: image === null ? null : plainLine(image, 100),
  };
}

/** A full disk must not cost the verdict. */
async function tryToSave(saveLog: SaveLog, name: string, text: string): Promise<string | undefined> {
  try {
    return await saveLog(name, text);
  } catch {
    return undefined;
  }
}
