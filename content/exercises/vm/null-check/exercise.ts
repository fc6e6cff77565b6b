import { attaches, compiles, loads } from '../../../../grader/checks/common.ts';
import { evidence } from '../../../../grader/checks/evidence.ts';
import { count } from '../../../../grader/checks/expect.ts';
import { hasMap } from '../../../../grader/checks/map-shape.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { sendSignals } from './workload.ts';

const file = 'signals.bpf.c';
const sent = evidence((kit) => sendSignals(kit, kit.program(file)));

export default defineExercise({
  title: 'There or not there',
  summary: 'The verifier refuses a program that follows a pointer which may be NULL. Read its log and mend the program.',
  files: { [file]: { description: 'The program to mend.' } },
  needs: { kernel: '5.10', config: ['CONFIG_FTRACE_SYSCALLS', 'CONFIG_BPF_EVENTS'], tools: ['clang'] },
  starter: { fails: 'loads', because: 'It follows the pointer that the lookup returns without a test.' },
  wrong: {
    'tests-value': { fails: 'loads', misconception: 'A lookup that finds nothing returns a pointer to 0.' },
    'inverted-test': { fails: 'loads', misconception: 'A lookup returns 0 if all is well, as many C functions do.' },
    'second-lookup': { fails: 'loads', misconception: 'A key that was there a moment ago is there now.' },
    'never-counts': { fails: 'there', misconception: 'What loads is right: the line that the verifier did not like is left out.' },
    'one-for-all': { fails: 'there', misconception: 'Any value that the program writes shows that the row was found.' },
    'fills-in': { fails: 'not-there', misconception: 'A key that is not there is an error, to be mended by making it.' },
  },
  checks: [
    compiles(file),
    loads(file, {
      points: 3,
      hints: {
        nudge: 'Look at the line that the verifier names. Which pointer does it follow, and where is that pointer from?',
        concept: 'bpf_map_lookup_elem returns NULL if the key is not in the map. The verifier follows both ways, found and not found, and refuses the program if it uses the pointer on the second.',
        line: 'if (!count) return 0; between the lookup and the line that adds',
      },
      rationale: 'The test for NULL is what the verifier asks for most often; here it is alone.',
    }),
    hasMap(file, { name: 'watched', type: 'hash', keySize: 4, valueSize: 8 }, {
      hints: {
        nudge: 'The map was right at the start. What have you changed?',
        concept: 'Others fill and read this map, so its name, its type, its key and its value are part of the task.',
        line: 'Take the map over from the file that you were given.',
      },
    }),
    attaches(file, { kind: 'tracepoint', target: 'sys_enter_kill' }),
    {
      id: 'there',
      title: 'A signal that is in the map is counted',
      stage: 'correct',
      points: 2,
      hints: {
        nudge: 'The program loads, but the count is not right. Is the line that adds still there, and is it reached?',
        concept: 'On the way where the lookup found something, the pointer leads to the value in the map; what is written through it stays there.',
        line: '__sync_fetch_and_add(count, 1); after the test',
      },
      rationale: 'A program that loads because the work was left out is not mended.',
      async run(kit) {
        const { listed, rows } = await sent(kit);
        const wrong = listed.find(({ signal, before, times }) => rows.get(signal) !== BigInt(before + times));
        kit.expect(wrong === undefined, {
          text: 'A signal that is in the map was not counted right.',
          expected: `Signal ${wrong?.signal} had the count ${wrong?.before} and was sent ${count(wrong?.times ?? 0, 'time')}: ${(wrong?.before ?? 0) + (wrong?.times ?? 0)}.`,
          actual: `${rows.get(wrong?.signal ?? 0) ?? 'Its row is gone'}.`,
          help: 'If the lookup found the row, add 1 to what stands there. Change nothing else in the map.',
        });
      },
    },
    {
      id: 'not-there',
      title: 'A signal that is not in the map changes nothing',
      stage: 'correct',
      points: 2,
      hints: {
        nudge: 'There are rows in the map that nobody but your program can have made. On which way does it make them?',
        concept: 'The rows say what somebody wants to know. A key that is not there is an answer, too: this one is not asked for.',
        line: 'if (!count) return 0; and no bpf_map_update_elem',
      },
      rationale: 'The way on which the lookup finds nothing is the other half of the test; signals that nobody listed are sent among the others.',
      async run(kit) {
        const { listed, rows } = await sent(kit);
        const known = new Set(listed.map(({ signal }) => signal));
        const stray = [...rows.keys()].find((signal) => !known.has(signal));
        kit.expect(stray === undefined, {
          text: 'The map has a row that nobody asked for.',
          expected: `The ${count(known.size, 'row')} that the grader put into the map, and no other.`,
          actual: `${count(rows.size, 'row')}, among them signal ${stray} with the count ${rows.get(stray ?? 0)}.`,
          help: 'If the lookup returns NULL, return without touching the map.',
        });
      },
    },
  ],
});
