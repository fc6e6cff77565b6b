import { readU32, readU64 } from '../../../../grader/checks/bytes.ts';
import { attaches, compiles, loads } from '../../../../grader/checks/common.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import { hasMap } from '../../../../grader/checks/map-shape.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';

const file = 'calls.bpf.c';

/** Processes call getpid as often as nobody knows before, or never; what the map says of each. */
const counted = evidence(async (kit) => {
  const { random, processes } = kit;
  const program = kit.program(file);
  await program.attach();
  const map = await program.map('calls');
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
  const rows = new Map((await map.entries()).map(([key, [value]]) => [readU32(key), Number(readU64(value!))]));
  return { callers: callers.map((caller) => ({ ...caller, counted: rows.get(caller.pid) })), silent: rows.get(silent.pid) };
});

export default defineExercise({
  title: 'A title',
  summary: 'Count the calls of getpid, by process.',
  files: { [file]: { description: 'Your BPF program and its map.' } },
  needs: { kernel: '5.10', config: ['CONFIG_FTRACE_SYSCALLS', 'CONFIG_BPF_EVENTS'], tools: ['clang'] },
  starter: { fails: 'fires', because: 'It never touches its map.' },
  wrong: {
    'every-system-call': { fails: 'attaches', misconception: 'raw_tracepoint/sys_enter is another way to write sys_enter_getpid.' },
    'one-for-all': { fails: 'fires', misconception: 'A sum tells who called.' },
    'first-is-none': { fails: 'each-call', misconception: 'Making a new row is all that there is to do at the first call.' },
    'opens-too': { fails: 'nothing-else', misconception: 'One more event does no harm.' },
  },
  checks: [
    compiles(file),
    loads(file),
    hasMap(file, { name: 'calls', type: 'hash', keySize: 4, valueSize: 8 }, {
      hints: {
        nudge: 'Compare the name, the type, the key and the value of your map with the task.',
        concept: 'A map is declared as a variable in the section .maps. Its members say the type, the most entries, the type of the key and that of the value.',
        line: '__uint(type, BPF_MAP_TYPE_HASH); __type(key, __u32); __type(value, __u64); and } calls SEC(".maps"); at the end',
      },
    }),
    attaches(file, { kind: 'tracepoint', target: 'sys_enter_getpid' }),
    {
      id: 'fires',
      title: 'A call of getpid leaves a row for its process',
      stage: 'fires',
      points: 2,
      hints: {
        nudge: 'Your program runs, but the map has no row for the caller. Which call makes one, and with which key?',
        concept: 'bpf_map_update_elem makes a row. The process id is in the upper half of what bpf_get_current_pid_tgid returns.',
        line: '__u32 pid = bpf_get_current_pid_tgid() >> 32;',
      },
      rationale: 'An empty map has another cause than a wrong count, and another cure.',
      async run(kit) {
        const { callers } = await counted(kit);
        kit.expect(callers.some((caller) => caller.counted !== undefined), {
          text: 'The map calls has no row for a process that called getpid.',
          expected: `A row with the key ${callers[0]!.pid}.`,
          actual: 'None.',
          help: 'Look the process up. If there is no row yet, make one with bpf_map_update_elem.',
        });
      },
    },
    {
      id: 'nothing-else',
      title: 'A process that never calls getpid has no row',
      stage: 'correct',
      points: 1,
      after: ['fires'],
      hints: { nudge: 'At which events do your programs run?', concept: 'Each SEC("…") is one event.', line: 'Keep one program, with SEC("tracepoint/syscalls/sys_enter_getpid").' },
      rationale: 'The negative control: a process that opens files.',
      async run(kit) {
        const { silent } = await counted(kit);
        kit.expect(silent === undefined, { text: 'A process was counted that never called getpid.', expected: 'No row for it.', actual: `A count of ${silent}.`, help: 'Count in one program only.' });
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
        concept: 'A new row has to begin with the call that is its reason.',
        line: '__u64 one = 1; bpf_map_update_elem(&calls, &pid, &one, BPF_NOEXIST);',
      },
      rationale: 'The numbers are drawn anew each time.',
      async run(kit) {
        for (const caller of (await counted(kit)).callers)
          kit.expect.equal(caller.counted ?? 0, caller.calls, { text: `The count of process ${caller.pid} is wrong.`, help: 'Add 1 for each call, the first included.' });
      },
    },
  ],
});
