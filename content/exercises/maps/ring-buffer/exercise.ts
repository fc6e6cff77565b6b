import { attaches, compiles, loads } from '../../../../grader/checks/common.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import { count } from '../../../../grader/checks/expect.ts';
import { hasMap } from '../../../../grader/checks/map-shape.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { describe, differ, tellKills } from './workload.ts';

const file = 'signals.bpf.c';
const told = evidence((kit) => tellKills(kit, kit.program(file)));

export default defineExercise({
  title: 'Events in order',
  summary: 'Tell user space about each event through a ring buffer, and count those that found no room.',
  files: { [file]: { description: 'Your BPF program and its maps.' } },
  needs: { kernel: '5.10', config: ['CONFIG_FTRACE_SYSCALLS', 'CONFIG_BPF_EVENTS'], tools: ['clang'] },
  starter: { fails: 'fires', because: 'It hands over no record.' },
  wrong: {
    'always-room': { fails: 'loads', misconception: 'A ring buffer has always room, for it goes round.' },
    'never-submitted': { fails: 'loads', misconception: 'A record is handed over when it is filled.' },
    'at-the-exit': { fails: 'attaches', misconception: 'The exit of a system call has its arguments, too.' },
    'thrown-away': { fails: 'fires', misconception: 'Discarding a record takes it out of the program\'s hands into the reader\'s.' },
    'fields-mixed-up': { fails: 'each-event', misconception: 'The signal is the first argument of kill.' },
    'told-twice': { fails: 'each-event', misconception: 'bpf_ringbuf_submit frees the record, and bpf_ringbuf_output sends it.' },
    'loss-unseen': { fails: 'losses', misconception: 'What does not fit is the reader\'s fault and no concern of the program.' },
    'counts-all': { fails: 'losses', misconception: 'Trying is losing: each call of reserve is counted.' },
  },
  checks: [
    compiles(file),
    loads(file, {
      hints: {
        nudge: 'Look at the line that the verifier names. Is it about a pointer that may be NULL, or about a record that nobody hands over?',
        concept: 'bpf_ringbuf_reserve returns NULL if there is no room. If it returns a record, every way through the program must give it back: bpf_ringbuf_submit to the reader, bpf_ringbuf_discard to nobody.',
        line: 'if (!event) { … return 0; } after reserve, and bpf_ringbuf_submit(event, 0); at the end',
      },
    }),
    hasMap(file, { name: 'events', type: 'ringbuf' }, {
      id: 'events-map',
      hints: {
        nudge: 'Compare the name and the type of the map with the task.',
        concept: 'A ring buffer has neither keys nor values, only a size in bytes: a power of two, and whole pages.',
        line: '__uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 16 * 1024);',
      },
    }),
    hasMap(file, { name: 'lost', type: 'array', keySize: 4, valueSize: 8 }, {
      id: 'lost-map',
      hints: {
        nudge: 'Compare the name, the type, the key and the value of the map with the task.',
        concept: 'An array has all its rows from the start, with value 0; its key is a __u32 that counts from 0.',
        line: '__uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, __u32); __type(value, __u64);',
      },
    }),
    attaches(file, { kind: 'tracepoint', target: 'sys_enter_kill' }),
    {
      id: 'fires',
      title: 'Events arrive',
      stage: 'fires',
      points: 1,
      hints: {
        nudge: 'The program runs, but the reader gets nothing. Which call makes a record visible to it?',
        concept: 'First a record is reserved, then filled, then submitted. The reader sees it from then on, and only then.',
        line: 'struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);',
      },
      rationale: 'No record at all has another cause than a wrong one.',
      async run(kit) {
        const { calm } = await told(kit);
        kit.expect(calm.read.length > 0, {
          text: 'The ring buffer stays empty.',
          expected: `A record for each of ${count(calm.sent.length, 'call')} of kill.`,
          actual: 'No record at all.',
          help: 'Reserve a record, fill it, and hand it over with bpf_ringbuf_submit.',
        });
      },
    },
    {
      id: 'each-event',
      title: 'Each call gives one record, in order',
      stage: 'correct',
      points: 3,
      hints: {
        nudge: 'Compare the first record that is wrong with the call that it should tell of.',
        concept: 'A record is bytes; the reader knows what they mean from the struct that both share. A ring buffer keeps the order in which records were reserved, over all CPUs.',
        line: 'event->target = ctx->args[0]; event->signal = ctx->args[1];',
      },
      rationale: 'Targets and signals are drawn, so a record shows which call it is from; the reader keeps up, so none may be missing.',
      async run(kit) {
        const { calm } = await told(kit);
        const wrong = differ(calm.sent, calm.read);
        kit.expect(!wrong, {
          text: 'The records do not match the calls.',
          expected: wrong ? `Record ${wrong.index + 1}: ${describe(wrong.expected)}.` : '',
          actual: wrong ? `${describe(wrong.actual)}. ${count(calm.read.length, 'record')} for ${count(calm.sent.length, 'call')}.` : '',
          help: 'Fill every field of the struct, with the types that the file began with, and submit each record once.',
        });
      },
    },
    {
      id: 'losses',
      title: 'Each event that found no room is counted, and no other',
      stage: 'limits',
      points: 3,
      hints: {
        nudge: 'What does your program do if there is no room? And what if there is?',
        concept: 'A ring buffer never overwrites what was not read yet: reserve returns NULL instead. The event is lost then, but that it was lost need not be.',
        line: 'if (!event) { __u64 *n = bpf_map_lookup_elem(&lost, &zero); if (n) __sync_fetch_and_add(n, 1); return 0; }',
      },
      rationale: 'While the grader does not read, more is sent than the buffer holds. What was read and what was counted must be all that was sent.',
      async run(kit) {
        const { calm, stalled, after } = await told(kit);
        kit.expect.equal(calm.lost, 0n, {
          text: 'Losses were counted although nothing was lost.',
          expected: `0 after ${count(calm.sent.length, 'call')}, for all records were read.`,
          actual: `${calm.lost} in the map lost.`,
          help: 'Count only where bpf_ringbuf_reserve returned NULL.',
        });
        const missing = stalled.sent.length - stalled.read.length;
        kit.expect(missing > 0, {
          text: `${count(stalled.sent.length, 'record')} found room in the ring buffer at once, so nothing shows what your program does when it is full.`,
          expected: 'A ring buffer of 16 KiB, as the task asks.',
          help: 'Set max_entries of events to 16 * 1024.',
        });
        kit.expect.equal(stalled.lost, BigInt(missing), {
          text: 'The reader paused, the ring buffer filled up, and the losses were not counted right.',
          expected: `${missing} in the map lost: ${count(stalled.sent.length, 'call')}, of which ${stalled.read.length} could be read afterwards.`,
          actual: `${stalled.lost}.`,
          help: 'Where bpf_ringbuf_reserve returns NULL, add 1 to row 0 of the map lost.',
        });
        const wrong = differ(stalled.sent.slice(0, stalled.read.length), stalled.read) ?? differ(after.sent, after.read);
        kit.expect(!wrong && after.lost === stalled.lost, {
          text: 'After the ring buffer had been full, the records are not right.',
          expected: 'All records from before it was full, then none, and from the time on when it has been read each call again.',
          actual: wrong ? `Record ${wrong.index + 1} is ${describe(wrong.actual)} instead of ${describe(wrong.expected)}.` : `The losses went on, to ${after.lost}.`,
          help: 'A lost event must leave nothing behind: no flag, no half of a record.',
        });
      },
    },
  ],
});
