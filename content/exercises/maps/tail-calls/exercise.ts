import { count, defineChecks, evidence } from '#kit';
import { describeRun, describeSlots, runChains, stages } from './workload.ts';

const file = 'stages.bpf.c';
const ran = evidence((kit) => runChains(kit, kit.program(file)));

export default defineChecks({
  async slots(kit) {
    const { filled } = await ran(kit);
    const programs = stages.map((slot) => filled.get(slot));
    kit.expect(!programs.includes(undefined) && new Set(programs).size === stages.length, {
      text: 'The program array stages is not filled as the task asks.',
      expected: 'Three different programs in the slots 1, 2 and 3.',
      actual:
        filled.size > 0
          ? `${[...filled].map(([slot, id]) => `Slot ${slot} holds program ${id}`).join(', ')}.`
          : 'All slots are empty.',
    });
  },

  async fires(kit) {
    const { full } = await ran(kit);
    kit.expect(full.trail !== '', {
      text: 'The program entry ran, but no stage left its number in the map trail.',
      expected: describeRun('123'),
      actual: describeRun(full.trail),
    });
  },

  async order(kit) {
    const { full } = await ran(kit);
    kit.expect.equal(full.trail, '123', {
      text: 'With all slots filled, the stages did not run one after the other.',
      expected: describeRun('123'),
      actual: describeRun(full.trail),
    });
  },

  async 'empty-slot'(kit) {
    const { runs } = await ran(kit);
    const wrong = runs.find(({ slots, trail }) => trail !== slots.join(''));
    kit.expect(!wrong, {
      text: 'The stages that ran are not those in the program array.',
      expected: wrong ? `${describeSlots(wrong.slots)}: ${describeRun(wrong.slots.join(''))}` : '',
      actual: wrong ? describeRun(wrong.trail) : '',
    });
  },

  async 'frame-passes'(kit) {
    const { runs, full } = await ran(kit);
    const xdpPass = 2;
    const wrong = runs.find(({ retval }) => retval !== xdpPass);
    kit.expect(!wrong, {
      text: 'The chain did not let the frame pass.',
      help: 'returns',
      expected: `XDP_PASS, which is ${xdpPass}.`,
      actual: wrong ? `${wrong.retval}, when ${describeSlots(wrong.slots)}.` : '',
    });
    const changed = [full, ...runs].find((run) => run.changed);
    kit.expect(!changed, {
      text: 'The chain changed the frame.',
      expected: 'The same bytes as before.',
      actual: changed ? `Other bytes, when ${describeSlots(changed.slots)}.` : '',
      help: 'changed',
    });
  },

  async 'at-once'(kit) {
    const { crowds } = await ran(kit);
    const wrong = crowds.find(({ frames, arrived }) => frames !== arrived);
    kit.expect(!wrong, {
      text: 'With frames on all CPUs at the same moment, not every frame runs through its stages.',
      expected: wrong
        ? `When ${describeSlots(wrong.slots)}, slot ${wrong.slots.at(-1)} gets each of ${count(wrong.frames, 'frame')}, once.`
        : '',
      actual: wrong ? `The program in this slot ran ${count(wrong.arrived, 'time')}.` : '',
    });
  },
});
