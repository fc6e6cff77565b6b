import { attaches, compiles, loads } from '../../../../grader/checks/common.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import { hasMap } from '../../../../grader/checks/map-shape.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { callOnAllCpus, describe, sum } from './workload.ts';

const file = 'count-calls.bpf.c';
const called = evidence((kit) => callOnAllCpus(kit, kit.program(file)));

export default defineExercise({
  title: 'A count for each CPU',
  summary: 'Two CPUs that add to one number lose counts. Give each CPU a number of its own.',
  files: { [file]: { description: 'The program to mend.' } },
  needs: { kernel: '5.10', config: ['CONFIG_FTRACE_SYSCALLS', 'CONFIG_BPF_EVENTS', 'CONFIG_SMP'], tools: ['clang'] },
  starter: { fails: 'own-value', because: 'All CPUs add to one value of a shared array, with ++.' },
  wrong: {
    'spin-lock': { fails: 'loads', misconception: 'bpf_spin_lock may be used in every program.' },
    'atomic-but-shared': { fails: 'own-value', misconception: 'An atomic addition costs nothing.' },
    'cpu-as-index': { fails: 'own-value', misconception: 'A row for each CPU in a shared array is as good as a per-CPU map.' },
    'cpu-as-key': { fails: 'exact', misconception: 'A per-CPU map wants the number of the CPU as its key.' },
    'replaces': { fails: 'exact', misconception: 'bpf_map_update_elem adds to a value; it replaces it.' },
    'second-event': { fails: 'exact', misconception: 'More events make a better count.' },
  },
  checks: [
    compiles(file),
    loads(file),
    hasMap(file, { name: 'calls', keySize: 4, valueSize: 8 }, {
      hints: {
        nudge: 'Compare the name, the key and the value of your map with the task.',
        concept: 'The type of a per-CPU map says only how often its value is there. Key and value are declared as in any other.',
        line: '__type(key, __u32); __type(value, __u64); and } calls SEC(".maps"); at the end',
      },
    }),
    attaches(file, { kind: 'tracepoint', target: 'sys_enter_getsid' }),
    {
      id: 'fires',
      title: 'Calls are counted',
      stage: 'fires',
      points: 1,
      hints: {
        nudge: 'Row 0 of the map is empty or 0 after many calls. Does your program add to it?',
        concept: 'In a program, a lookup in a per-CPU map returns the pointer to the value of the CPU on which it runs.',
        line: '__u64 *count = bpf_map_lookup_elem(&calls, &row); if (count) *count += 1;',
      },
      rationale: 'No count at all has another cause than a wrong one.',
      async run(kit) {
        const { planned, values } = await called(kit);
        kit.expect(sum(values) > 0n, {
          text: 'Nothing was counted in row 0 of the map calls.',
          expected: `${sum(planned.values())} calls of getsid.`,
          actual: values.length > 0 ? '0.' : 'There is no such row.',
          help: 'Look up row 0, test for NULL, and add 1 to the value.',
        });
      },
    },
    {
      id: 'own-value',
      title: 'Each CPU has a value of its own',
      stage: 'correct',
      points: 3,
      hints: {
        nudge: 'All CPUs write to the same place in memory. Which type of map gives each its own?',
        concept: 'A per-CPU map holds as many values for a key as there are CPUs. The program sees that of its own CPU; user space reads all and adds them up.',
        line: '__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);',
      },
      rationale: 'How many counts a shared ++ loses is a matter of luck, so the shape of the value decides. The loss that was seen is shown.',
      async run(kit) {
        const { planned, values } = await called(kit);
        const all = sum(planned.values());
        const lost = all - values[0]!;
        kit.expect(values.length > 1, {
          text: 'The map calls has one value in row 0, and not one for each CPU.',
          expected: `A value for each CPU, ${all} together: a map of a per-CPU type.`,
          actual: `One value, ${values[0]}${lost > 0n ? `: ${lost} of ${all} calls are missing in it.` : '. This time no call is missing.'}`,
          help: 'Give the map the type BPF_MAP_TYPE_PERCPU_ARRAY. Then no CPU writes where another does: no count is lost, and none has to wait.',
        });
      },
    },
    {
      id: 'exact',
      title: 'Each CPU\'s count is exact, and so is the sum',
      stage: 'correct',
      points: 3,
      hints: {
        nudge: 'Compare the counts that were expected with those that were seen, CPU by CPU. Which calls are missing, or too many?',
        concept: 'All CPUs use the same key; the kernel chooses the value. And only getsid counts, the system call whose entry the task names.',
        line: '__u32 row = 0; and *count += 1; in one single program',
      },
      rationale: 'The threads keep to their CPUs and the number of calls is drawn for each, so every value is known. Between the calls they make others, which must not count.',
      async run(kit) {
        const { planned, values } = await called(kit);
        const right = values.every((value, cpu) => value === BigInt(planned.get(cpu) ?? 0));
        kit.expect(right, {
          text: 'The counts are not the calls that were made.',
          expected: describe(values.map((_, cpu) => BigInt(planned.get(cpu) ?? 0))),
          actual: describe(values),
          help: 'On every CPU, add 1 to the value of row 0 for each call of getsid, and for nothing else.',
        });
      },
    },
  ],
});
