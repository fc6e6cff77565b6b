import { evidence } from '../../../../grader/checks/evidence.ts';
import { runs, scriptAttaches } from '../../../../grader/checks/script-common.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';

const file = 'calls.py';

/** Processes call getpid as often as nobody knows before, or never; what the script prints of each. */
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
  const lines = (await running.stop()).stdout.matchAll(/^(\d{1,10}) (\d{1,10})$/gm);
  const counts = new Map([...lines].map(([, pid, calls]) => [Number(pid), Number(calls)]));
  return { attached: running.attached, callers: callers.map((caller) => ({ ...caller, counted: counts.get(caller.pid) })), silent: counts.get(silent.pid) };
});

export default defineExercise({
  title: 'A title',
  summary: 'Count the calls of getpid, by process.',
  files: { [file]: { description: 'Your Python program, with the BPF program in it.' } },
  needs: { kernel: '5.10', config: ['CONFIG_FTRACE_SYSCALLS', 'CONFIG_BPF_EVENTS'], tools: ['python3'] },
  starter: { fails: 'attaches', because: 'It counts calls of getppid.' },
  wrong: {
    'not-c': { fails: 'runs', misconception: 'The program in the string is Python.' },
    'one-for-all': { fails: 'fires', misconception: 'A sum tells who called.' },
    'always-one': { fails: 'each-call', misconception: 'To put 1 into a row is to add 1 to it.' },
    'opens-too': { fails: 'nothing-else', misconception: 'One more event does no harm.' },
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
        nudge: 'Print all that your map holds. Which keys are in it?',
        concept: 'BPF_HASH(name) makes a map of __u64 by __u64; in Python it is b["name"], whose items are pairs of C numbers with a value.',
        line: 'u64 pid = bpf_get_current_pid_tgid() >> 32; calls.increment(pid);',
      },
      rationale: 'Attached, but silent, has another cause than a wrong count, and another cure.',
      async run(kit) {
        const { callers } = await watched(kit);
        kit.expect(callers.some(({ counted }) => counted !== undefined), {
          text: 'No process that called getpid is counted.',
          expected: `A line that begins with ${callers[0]!.pid} and a space.`,
          actual: 'No such line.',
          help: 'Print a line with the process id, a space and the count for each key.',
        });
      },
    },
    {
      id: 'nothing-else',
      title: 'A process that never calls getpid is not counted',
      stage: 'correct',
      points: 1,
      after: ['fires'],
      hints: { nudge: 'At which events do your actions run?', concept: 'Each TRACEPOINT_PROBE is one event.', line: 'Keep TRACEPOINT_PROBE(syscalls, sys_enter_getpid) alone.' },
      rationale: 'The negative control: a process that opens files.',
      async run(kit) {
        const { silent } = await watched(kit);
        kit.expect(silent === undefined, { text: 'A process was counted that never called getpid.', expected: 'No line for it.', actual: `A count of ${silent}.`, help: 'Count at one event only.' });
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
        line: 'calls.increment(pid);',
      },
      rationale: 'The numbers are drawn anew each time.',
      async run(kit) {
        for (const { pid, calls, counted } of (await watched(kit)).callers)
          kit.expect.equal(counted ?? 0, calls, { text: `The count of process ${pid} is wrong.`, help: 'Add 1 for each call, whoever makes it.' });
      },
    },
  ],
});
