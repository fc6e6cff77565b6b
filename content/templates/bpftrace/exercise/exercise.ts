import { countsOf, parseBpftrace } from '../../../../grader/checks/bpftrace-output.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import { runs, scriptAttaches } from '../../../../grader/checks/script-common.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';

const file = 'calls.bt';

/** Processes call getpid as often as nobody knows before, or never; what the script's map says of each. */
const watched = evidence(async (kit) => {
  const { random, processes } = kit;
  const running = await kit.script(file).start();
  const perform = async (calls: number) => {
    const opens = random.int(3, 9);
    const performed = await processes.perform(random.shuffle([
      ...Array.from({ length: calls }, () => ({ action: 'getpid' as const })),
      ...Array.from({ length: opens }, () => ({ action: 'open' as const, path: '/etc/passwd' })),
    ]));
    return { pid: performed[0]!.pid, calls };
  };
  const callers = [await perform(random.int(5, 40)), await perform(random.int(5, 40))];
  const silent = await perform(0);
  const counts = countsOf(parseBpftrace((await running.stop()).stdout), '@calls');
  return { attached: running.attached, callers: callers.map((caller) => ({ ...caller, counted: counts?.get(`${caller.pid}`) })), silent: counts?.get(`${silent.pid}`) };
});

export default defineExercise({
  title: 'A title',
  summary: 'Count the calls of getpid, by process.',
  files: { [file]: { description: 'Your bpftrace script.' } },
  needs: { kernel: '5.10', config: ['CONFIG_FTRACE_SYSCALLS', 'CONFIG_BPF_EVENTS'], tools: ['bpftrace'] },
  starter: { fails: 'attaches', because: 'It counts calls of getppid.' },
  wrong: {
    'no-such-probe': { fails: 'runs', misconception: 'A probe has the name of the C function.' },
    'every-system-call': { fails: 'attaches', misconception: 'A probe for all system calls sees getpid, too.' },
    'one-for-all': { fails: 'fires', misconception: 'A sum tells who called.' },
    'always-one': { fails: 'each-call', misconception: 'To put 1 into a map is to add 1 to it.' },
    'opens-too': { fails: 'nothing-else', misconception: 'One more probe does no harm.' },
  },
  checks: [
    runs(file, watched),
    scriptAttaches(file, [{ kind: 'tracepoint', target: 'sys_enter_getpid' }], watched),
    {
      id: 'fires',
      title: 'A call of getpid is counted for its process',
      stage: 'fires',
      points: 2,
      hints: {
        nudge: 'bpftrace prints each map when it ends. What is between the brackets of yours?',
        concept: '@name[key] = count() keeps a count for each key. pid is the process that runs the probe.',
        line: '@calls[pid] = count();',
      },
      rationale: 'Attached, but silent, has another cause than a wrong count, and another cure.',
      async run(kit) {
        const { callers } = await watched(kit);
        kit.expect(callers.some(({ counted }) => counted !== undefined), {
          text: 'No process that called getpid is counted.',
          expected: `@calls[${callers[0]!.pid}]`,
          actual: 'There is no such map, or no such key in it.',
          help: 'Count by pid, in a map named @calls.',
        });
      },
    },
    {
      id: 'nothing-else',
      title: 'A process that never calls getpid is not counted',
      stage: 'correct',
      points: 1,
      after: ['fires'],
      hints: { nudge: 'At which events do your actions run?', concept: 'Each probe in front of { … } is one event.', line: 'Keep tracepoint:syscalls:sys_enter_getpid alone.' },
      rationale: 'The negative control: a process that opens files.',
      async run(kit) {
        const { silent } = await watched(kit);
        kit.expect(silent === undefined, { text: 'A process was counted that never called getpid.', expected: 'No key for it.', actual: `A count of ${silent}.`, help: 'Count at one probe only.' });
      },
    },
    {
      id: 'each-call',
      title: 'Each call is counted, once',
      stage: 'correct',
      points: 2,
      after: ['fires'],
      hints: {
        nudge: 'By how many calls is the count wrong?',
        concept: 'An action runs each time that its event happens, unless a condition keeps it from it.',
        line: '@calls[pid] = count();',
      },
      rationale: 'The numbers are drawn anew each time.',
      async run(kit) {
        for (const { pid, calls, counted } of (await watched(kit)).callers)
          kit.expect.equal(counted ?? 0, calls, { text: `The count of process ${pid} is wrong.`, help: 'Add 1 for each call, whoever makes it.' });
      },
    },
  ],
});
