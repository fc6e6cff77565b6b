import { compiles, loads } from '../../../../grader/checks/common.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import { hasMap } from '../../../../grader/checks/map-shape.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { describeRun, describeSlots, runChains, stages } from './workload.ts';

const file = 'stages.bpf.c';
const ran = evidence((kit) => runChains(kit, kit.program(file)));

export default defineExercise({
  title: 'A chain of programs',
  summary: 'Let one program go over into the next through a program array, and past the slots that are empty.',
  files: { [file]: { description: 'Your chain: its programs and their program array.' } },
  needs: { kernel: '5.10', tools: ['clang'] },
  starter: { fails: 'fires', because: 'No program goes over into the first stage.' },
  wrong: {
    'never-filled': { fails: 'slots', misconception: 'The kernel finds the programs for a program array by itself.' },
    'from-nought': { fails: 'slots', misconception: 'The first stage is always in slot 0, whatever the task says.' },
    'expects-return': { fails: 'order', misconception: 'A tail call comes back when the other program is done.' },
    'itself-again': { fails: 'order', misconception: 'The index is the slot of the caller, and the kernel takes the next.' },
    'stops-at-gap': { fails: 'empty-slot', misconception: 'If a slot is empty, the chain is at its end.' },
    'plain-calls': { fails: 'empty-slot', misconception: 'A tail call is another way to write a function call.' },
    'empty-is-error': { fails: 'frame-passes', misconception: 'A tail call into an empty slot is an error of the program.' },
  },
  checks: [
    compiles(file),
    loads(file),
    hasMap(file, { name: 'stages', type: 'prog_array', keySize: 4 }, {
      id: 'stages-map',
      hints: {
        nudge: 'Compare the name and the type of the map with the task.',
        concept: 'A program array is a map whose values are programs; its key is a __u32, the slot.',
        line: '__uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 4); __uint(key_size, sizeof(__u32));',
      },
    }),
    hasMap(file, { name: 'trail', type: 'array', keySize: 4, valueSize: 8 }, {
      id: 'trail-map',
      hints: {
        nudge: 'The map was right at the start. What have you changed?',
        concept: 'The grader reads in this map which stages ran, so its name, type, key and value are part of the task.',
        line: 'Take the map over from the file that you were given.',
      },
    }),
    {
      id: 'slots',
      title: 'Slots 1 to 3 hold three programs',
      stage: 'load',
      points: 1,
      hints: {
        nudge: 'After loading, a slot that the task names is empty, or two hold the same program. Who fills them?',
        concept: 'A program array is empty until somebody puts programs in. libbpf does it when it loads your file, from the values that the map is declared with.',
        line: '} stages SEC(".maps") = { .values = { [1] = (void *)&first, [2] = (void *)&second, [3] = (void *)&third } };',
      },
      rationale: 'The kernel tells which program is in a slot; an empty array would make every other check fail without a reason.',
      async run(kit) {
        const { filled } = await ran(kit);
        const programs = stages.map((slot) => filled.get(slot));
        kit.expect(!programs.includes(undefined) && new Set(programs).size === stages.length, {
          text: 'The program array stages is not filled as the task asks.',
          expected: 'Three different programs in the slots 1, 2 and 3.',
          actual: filled.size > 0 ? `${[...filled].map(([slot, id]) => `Slot ${slot} holds program ${id}`).join(', ')}.` : 'All slots are empty.',
          help: 'Name your programs in .values of the map, each with the number of its slot in brackets.',
        });
      },
    },
    {
      id: 'fires',
      title: 'The program entry starts the chain',
      stage: 'fires',
      points: 1,
      hints: {
        nudge: 'The program entry runs, but no stage does. Where does it go over into the first?',
        concept: 'bpf_tail_call takes the context, the program array and a slot. The program in this slot goes on in place of the caller.',
        line: 'bpf_tail_call(ctx, &stages, 1); in the program entry',
      },
      rationale: 'A chain that does not begin has another cause than one that breaks.',
      async run(kit) {
        const { full } = await ran(kit);
        kit.expect(full.trail !== '', {
          text: 'The program entry ran, but no stage left its number in the map trail.',
          expected: describeRun('123'),
          actual: describeRun(full.trail),
          help: 'Let the program entry make a tail call into slot 1.',
        });
      },
    },
    {
      id: 'order',
      title: 'The stages run in order, each once',
      stage: 'correct',
      points: 2,
      hints: {
        nudge: 'Compare the trail with 123. Which stage is the first that does not hand over as it should?',
        concept: 'A tail call does not come back: the program in the slot takes the place of the caller, and what it returns is the end. So each stage has to call the next one itself.',
        line: 'In the first stage: bpf_tail_call(ctx, &stages, 2); in the second: bpf_tail_call(ctx, &stages, 3);',
      },
      rationale: 'The trail begins with a drawn number, so that it cannot be written in one step.',
      async run(kit) {
        const { full } = await ran(kit);
        kit.expect.equal(full.trail, '123', {
          text: 'With all slots filled, the stages did not run one after the other.',
          expected: describeRun('123'),
          actual: describeRun(full.trail),
          help: 'Each stage leaves its number and then makes a tail call into the slot of the next one.',
        });
      },
    },
    {
      id: 'empty-slot',
      title: 'An empty slot is passed over',
      stage: 'correct',
      points: 3,
      hints: {
        nudge: 'The grader empties some slots. What does your program do behind a tail call that found nothing?',
        concept: 'If the slot is empty, bpf_tail_call does come back, and the next line runs. There the program can try the slot after it.',
        line: 'bpf_tail_call(ctx, &stages, 2); bpf_tail_call(ctx, &stages, 3); one after the other in the first stage',
      },
      rationale: 'Every set of empty slots is tried in drawn order, and the full chain again at the end: only real tail calls follow the map.',
      async run(kit) {
        const { runs } = await ran(kit);
        const wrong = runs.find(({ slots, trail }) => trail !== slots.join(''));
        kit.expect(!wrong, {
          text: 'The stages that ran are not those in the program array.',
          expected: wrong ? `${describeSlots(wrong.slots)}: ${describeRun(wrong.slots.join(''))}` : '',
          actual: wrong ? describeRun(wrong.trail) : '',
          help: 'Behind the tail call into one slot, write the tail call into the one after it: it runs only if the first slot is empty.',
        });
      },
    },
    {
      id: 'frame-passes',
      title: 'The frame passes, whichever slots are empty',
      stage: 'correct',
      points: 1,
      after: ['order'],
      hints: {
        nudge: 'For some sets of slots your chain returns something else than XDP_PASS. Which program is the last one that runs then?',
        concept: 'What the last program of a chain returns is what the kernel obeys. If no stage is left, the last program is the one that came so far.',
        line: 'return XDP_PASS; at the end of every program',
      },
      rationale: 'Stages are taken out while traffic flows; that must not cost a single packet.',
      async run(kit) {
        const { runs } = await ran(kit);
        const xdpPass = 2;
        const wrong = runs.find(({ retval }) => retval !== xdpPass);
        kit.expect(!wrong, {
          text: 'The chain did not let the frame pass.',
          expected: `XDP_PASS, which is ${xdpPass}.`,
          actual: wrong ? `${wrong.retval}, when ${describeSlots(wrong.slots)}.` : '',
          help: 'End every program with return XDP_PASS;. An empty slot is no error.',
        });
      },
    },
  ],
});
