import { attaches, compiles, loads } from '../../../../grader/checks/common.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import { count } from '../../../../grader/checks/expect.ts';
import { hasMap } from '../../../../grader/checks/map-shape.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { countExecs } from './workload.ts';

const file = 'count-execs.bpf.c';
const counted = evidence((kit) => countExecs(kit, kit.program(file)));

export default defineExercise({
  title: 'Count by user',
  summary: 'Keep a count for each user in a hash map: how often did they start a program?',
  files: { [file]: { description: 'Your BPF program and its map.' } },
  needs: { kernel: '5.10', config: ['CONFIG_FTRACE_SYSCALLS', 'CONFIG_BPF_EVENTS'], tools: ['clang'] },
  starter: { fails: 'fires', because: 'It never touches its map.' },
  wrong: {
    'whole-return-value': { fails: 'map', misconception: 'bpf_get_current_uid_gid returns the user; it returns the group as well, in the upper half.' },
    'success-only': { fails: 'attaches', misconception: 'An execve that fails was not called.' },
    'exits-too': { fails: 'nothing-else', misconception: 'The end of a program is another event of its start.' },
    'group-not-user': { fails: 'each-user', misconception: 'The user is in the upper half of what bpf_get_current_uid_gid returns.' },
    'starts-at-nothing': { fails: 'each-user', misconception: 'Making a new row is all that there is to do at the first event; but it is to be counted, too.' },
    'always-one': { fails: 'each-user', misconception: 'bpf_map_update_elem adds to a value; it replaces it.' },
    'few-users': { fails: 'each-user', misconception: 'A hash map grows as it needs to; it is full at max_entries.' },
  },
  checks: [
    compiles(file),
    loads(file),
    hasMap(file, { name: 'counts', type: 'hash', keySize: 4, valueSize: 8 }, {
      hints: {
        nudge: 'Compare the name, the type, the key and the value of your map with the task.',
        concept: 'A map is declared as a variable in the section .maps. Its members say the type, the most entries, the type of the key and that of the value.',
        line: '__uint(type, BPF_MAP_TYPE_HASH); __type(key, __u32); __type(value, __u64); and } counts SEC(".maps"); at the end',
      },
    }),
    attaches(file, { kind: 'tracepoint', target: 'sys_enter_execve' }),
    {
      id: 'fires',
      title: 'Starting programs leaves something in the map',
      stage: 'fires',
      points: 2,
      hints: {
        nudge: 'Your program runs, but the map stays empty. Which call puts a row into a map?',
        concept: 'A hash map is empty at first. bpf_map_lookup_elem finds a row or returns NULL; bpf_map_update_elem makes one.',
        line: '__u64 one = 1; bpf_map_update_elem(&counts, &uid, &one, BPF_NOEXIST);',
      },
      rationale: 'An empty map has another cause than a wrong count, and another cure.',
      async run(kit) {
        const { rows, execs } = await counted(kit);
        kit.expect(rows.size > 0, {
          text: 'The map counts is empty after programs were started.',
          expected: `A row for each user who called execve; ${count(execs.size, 'user')} did.`,
          actual: 'No row at all.',
          help: 'Look the user up. If there is no row yet, make one with bpf_map_update_elem; if there is, add 1 to the value.',
        });
      },
    },
    {
      id: 'nothing-else',
      title: 'Users who start no program are not counted',
      stage: 'correct',
      points: 2,
      after: ['fires'],
      hints: {
        nudge: 'Your map counts users who did not call execve at all. At which events do your programs run?',
        concept: 'A process is copied (fork), may become another program (execve), and ends (exit). Only one of the three is a start.',
        line: 'Keep one program, with SEC("tracepoint/syscalls/sys_enter_execve"), and delete the others.',
      },
      rationale: 'The negative control: some users have processes that begin and end without an execve.',
      async run(kit) {
        const { idle, rows } = await counted(kit);
        const wrong = idle.find((uid) => rows.get(uid));
        kit.expect(wrong === undefined, {
          text: 'A user was counted who started no program.',
          expected: `No count for user ${wrong}, whose processes only began and ended.`,
          actual: `Count ${rows.get(wrong ?? 0)}.`,
          help: 'Look at every SEC("…") in your file: each is one more event at which something of yours runs.',
        });
      },
    },
    {
      id: 'each-user',
      title: 'Each user\'s count is exact',
      stage: 'correct',
      points: 3,
      after: ['fires'],
      hints: {
        nudge: 'Take one user in your mind, from the first execve to the third. What is in the map after each?',
        concept: 'bpf_get_current_uid_gid returns two numbers in one: the user in the lower 32 bits, the group in the upper. And a value in a map is changed through the pointer that the lookup returns.',
        line: '__u32 uid = (__u32)bpf_get_current_uid_gid(); … if (count) __sync_fetch_and_add(count, 1);',
      },
      rationale: 'Users, groups and counts are drawn anew each time; groups differ from users, and there are more users than a small map holds.',
      async run(kit) {
        const { execs, groups, rows } = await counted(kit);
        const right = [...execs].filter(([uid, times]) => rows.get(uid) === BigInt(times)).length;
        const wrong = [...execs].find(([uid, times]) => rows.get(uid) !== BigInt(times));
        const seen = wrong && rows.get(wrong[0]);
        kit.expect(wrong === undefined, {
          text: 'A user\'s count is wrong.',
          expected: `${wrong?.[1]} for user ${wrong?.[0]}, who called execve so often.`,
          actual: `${seen ?? 'No row'} for this user; ${right} of ${count(execs.size, 'user')} are right, and the map has ${count(rows.size, 'row')}.`,
          help: groups.some((gid) => rows.has(gid))
            ? 'The map has rows for group ids. The user id is the lower half of what bpf_get_current_uid_gid returns.'
            : seen === undefined
              ? 'If rows are missing, see whether the map has room for all users: at least 1024, says the task.'
              : 'The first execve of a user counts as well, and each later one adds 1 to what is there.',
        });
      },
    },
  ],
});
