/** `grade watch [exercise]`: grades on save. On a terminal a view with keys; elsewhere a block, or a line of JSON, for each grading. */
import { join, relative } from 'node:path';
import type { LoadedExercise } from '../course/exercise.ts';
import { loadCourse } from '../course/load.ts';
import { hintsGiven, nextExercise, readProgress } from '../course/progress.ts';
import { keepResult } from './keep-result.ts';
import { watchSaves } from '../course/saves.ts';
import { readTask } from '../course/task.ts';
import { startStage } from '../course/stages.ts';
import { submissionFolder } from '../course/workspace.ts';
import { makeReport } from '../report/json.ts';
import { createProgress } from '../report/progress-line.ts';
import { renderReport } from '../report/terminal.ts';
import { reportSchema, type Result } from '../verdict/result.ts';
import { CompileGuest } from './compile-guest.ts';
import { CommandFailure, type Context } from './context.ts';
import type { Target } from './class-targets.ts';
import { chooseTargets } from './grade.ts';
import { gradeSubmission } from './grading.ts';
import { nextHint } from './hint.ts';
import { loginOf } from './learner.ts';
import { checkMachineOptions, type MachineOptions, Machines } from './machines.ts';
import { lostCode, openShell } from './shell.ts';
import { SpareMachines } from './spare-machines.ts';
import { hasTerminal } from './terminal.ts';
import { warmUp } from './warm-up.ts';
import { WatchScreen } from './watch-screen.ts';
import { type SessionEnd, type WatchParts, WatchSession } from './watch-session.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

export interface WatchOptions extends MachineOptions {
  as?: string;
}

interface Watch {
  context: Context;
  course: LoadedExercise[];
  login: string;
  options: WatchOptions;
  machines: SpareMachines;
  /** Where this learner's versions are compiled, one after another. */
  compiler: CompileGuest;
  /** Null where there is no terminal to draw on. */
  screen: WatchScreen | null;
  /** The exercise that is watched now. */
  session: WatchSession | undefined;
}

/** Returns the exit code: 0 when it was left with q. */
export async function watch(context: Context, named: string | undefined, options: WatchOptions): Promise<number> {
  await checkMachineOptions(options);
  const login = await loginOf(context, options.as);
  const course = await loadCourse(context.root, named === undefined ? [] : [named]);
  let target: Target | undefined = (
    await chooseTargets(context, course, login, named === undefined ? [] : [named], false)
  )[0];

  // Once the first guest is there nothing needs to be set up, and nothing may be written across the view.
  const quiet = { ...context };
  const pristine = new Machines(quiet, options);
  const machines = new SpareMachines(pristine, warmUp);
  const compiler = new CompileGuest(pristine);
  const watching: Watch = { context, course, login, options, machines, compiler, session: undefined, screen: null };
  if (hasTerminal() && !context.json && !context.screen.plain)
    watching.screen = new WatchScreen(context.screen.color, (key) => void pressed(watching, key));
  const onSignal = () => void watching.session?.key('ctrl-c');
  for (const signal of signals) process.on(signal, onSignal);
  let end: SessionEnd = 'quit';
  try {
    if (process.stderr.isTTY) context.progress.step('Starting a guest');
    await machines.prepare().finally(() => context.progress.clear());
    quiet.progress = createProgress(process.stderr, { tty: false, quiet: true });
    quiet.note = () => {};
    watching.screen?.open();
    while (target) {
      end = await watchExercise(watching, target);
      target = end === 'next' ? await startNext(watching) : undefined;
    }
  } finally {
    watching.screen?.close();
    for (const signal of signals) process.off(signal, onSignal);
    await compiler.close();
    await machines.close();
  }
  return end === 'interrupt' ? 130 : 0;
}

async function watchExercise(watching: Watch, target: Target): Promise<SessionEnd> {
  const { exercise, folder } = target;
  const saves = await watchSaves(watching.context.root, folder, exercise.files, (read) =>
    watching.session?.saved(read),
  );
  const files = Object.keys(exercise.files).map((file) => relative(process.cwd(), join(folder, file)));
  const session = (watching.session = new WatchSession(exercise, files, saves.first, partsOf(watching, target)));
  try {
    if (watching.context.interrupted()) return 'interrupt';
    session.again();
    return await session.ended;
  } finally {
    watching.session = undefined;
    await saves.close();
    await session.stop();
  }
}

function partsOf(watching: Watch, { exercise, folder }: Target): WatchParts {
  const { context, course, login, machines, compiler, screen } = watching;
  const { root } = context;
  let cancelled = false;
  const own = folder === submissionFolder(root, login, exercise.id);
  return {
    async grade(read, onCheck) {
      cancelled = false;
      try {
        // What does not come of it, the grading does again, and says.
        if ('submission' in read) await compiler.compile(read.submission.files).catch(() => {});
        if (cancelled) return null;
        const hints = own ? await hintsGiven(root, login, exercise) : {};
        return await gradeSubmission({
          root,
          exercise,
          folder,
          machines,
          read,
          hintsGiven: hints,
          onCheck: (check) => onCheck(check.title),
        });
      } finally {
        // While the learner reads, and edits. What is wrong with it, the next grading tells.
        if (!context.interrupted()) void machines.prepare().catch(() => {});
      }
    },
    async cancel() {
      cancelled = true;
      await Promise.all([machines.cancel(), compiler.cancel()]);
    },
    async graded(result) {
      if (context.interrupted()) return null;
      const notKept = own ? await keepResult(context, login, exercise, result) : undefined;
      if (notKept !== undefined) context.tell(notKept);
      const next =
        result.outcome === 'pass' ? nextExercise(course, await readProgress(root, login, course)) : undefined;
      if (!screen) write(context, result, next, relative(process.cwd(), folder));
      return next ? `${next.id} – ${next.summary}` : null;
    },
    async hint(result) {
      const failed = result.checks.find(({ outcome }) => outcome === 'fail');
      return nextHint(
        root,
        login,
        exercise,
        exercise.checks.find(({ id }) => id === failed?.id)!,
      );
    },
    task: () => readTask(root, exercise.folder),
    shell: () => leaveForShell(watching, { exercise, folder }),
    changed: (view) => screen?.show(view),
  };
}

/** The view makes room for a shell, and comes back after it. Resolves with what to know of its end. */
async function leaveForShell(watching: Watch, target: Target): Promise<string | null> {
  const { context, options, screen, session } = watching;
  screen?.close();
  try {
    const code = await openShell(context, target, [], new Machines(context, { ...options, machine: 'vm' }), false);
    return code === lostCode ? 'The shell’s guest has ended. Your files here are as they were.' : null;
  } finally {
    if (watching.session === session) screen?.open();
  }
}

async function startNext({ context, course, login }: Watch): Promise<Target | undefined> {
  const exercise = nextExercise(course, await readProgress(context.root, login, course));
  if (!exercise) return undefined;
  const started = await startStage(context.root, login, course, exercise);
  if ('problem' in started) throw new CommandFailure(started.problem.text, 2, started.problem.help);
  return { exercise, folder: started.folder };
}

async function pressed(watching: Watch, key: string): Promise<void> {
  await watching.session?.key(key);
}

/** Off a terminal: a block for people, a line for programs. */
function write(context: Context, result: Result, next: LoadedExercise | undefined, place: string): void {
  const report = makeReport([result]);
  if (context.json) process.stdout.write(`${JSON.stringify(reportSchema.parse(report))}\n`);
  const then =
    result.outcome !== 'pass'
      ? [`Save a file in ${place}/ to grade it again`]
      : next
        ? [`Next: ${next.id} – ${next.summary}`]
        : [];
  context.say(renderReport(report, context.screen, then));
}
