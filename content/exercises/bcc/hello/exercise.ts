import { count, defineChecks, makings, nothingNew, quote, starts } from '#kit';
import { watched } from './workload.ts';

const greeting = 'Hello, World!';

export default defineChecks({
  runs: starts(watched),

  async fires(kit) {
    const { makers, complete, messages, shown, claimed } = await watched(kit);
    const greetings = makers.flatMap(({ texts, late }) => [...texts, ...late]);
    const made = makers.flatMap((step) => step.made).length;
    kit.expect(greetings.length > 0, {
      text: 'No new process or thread was greeted.',
      expected: `A message from the BPF program for each of ${count(made, 'process', 'processes and threads')}.`,
      actual:
        messages > 0
          ? `${count(messages, 'message')}, none of them about a process or thread that was made.`
          : claimed > 0
            ? `Your script printed ${count(claimed, 'greeting')} itself; the BPF program printed none.`
            : 'The BPF program printed nothing meanwhile.',
      help: messages === 0 && claimed > 0 ? 'made-up' : 'wrong-event',
    });
    kit.expect(complete, {
      text: "The script did not print the kernel's trace.",
      expected: `${count(messages, 'message')} in its output, as in the kernel's trace.`,
      actual: 'The line that the grader wrote to the trace at the end did not come out.',
      help: 'trace-not-shown',
    });
    kit.expect(shown >= messages, {
      text: "The script left out part of the kernel's trace.",
      expected: `${count(messages, 'message')} in its output, as in the kernel's trace.`,
      actual: `${shown}.`,
      help: 'trace-not-shown',
    });
  },

  async 'says-hello'(kit) {
    const { makers } = await watched(kit);
    for (const text of makers.flatMap((step) => [...step.texts, ...step.late]))
      kit.expect.equal(text, greeting, { text: 'The program prints another message than the task asks for.' });
  },

  async 'each-new'(kit) {
    const { makers } = await watched(kit);
    const few = makers.filter(({ texts, made }) => texts.length < made.length);
    const many = makers.filter(({ texts, late, made }) => texts.length + late.length > made.length);
    const late = few.filter((step) => step.late.length > 0);
    const worst = few[0] ?? many[0];
    kit.expect(worst === undefined, {
      text:
        few.length === 0
          ? 'There are more greetings than new processes and threads.'
          : 2 * late.length > few.length
            ? 'What is new is greeted late: at its end, not at its beginning.'
            : 'Not everything new was greeted.',
      expected: 'One message for each new process and thread, while it is there.',
      actual: worst
        ? `For ${makings[worst.kind as keyof typeof makings].words}: ${count(worst.texts.length, 'message')}. So it was ${(few.length > 0 ? few : many).length} of ${count(makers.length, 'time')}: ${kindsOf(few.length > 0 ? few : many)}.`
        : '',
      help: few.length === 0 ? 'too-many' : 'missing',
    });
  },

  async 'only-new'(kit) {
    const { makers, others } = await watched(kit);
    const strays = [
      ...others.map((step) => ({ ...step, said: [...step.texts, ...step.late] })),
      ...makers.map((step) => ({ ...step, said: step.strays })),
    ].filter(({ said }) => said.length > 0);
    const first = strays[0];
    kit.expect(first === undefined, {
      text: 'The program prints also when no process or thread is made.',
      expected: 'No message.',
      actual: first
        ? `After ${first.kind in nothingNew ? nothingNew[first.kind as keyof typeof nothingNew] : 'the beginning of what was made by vfork'}: ${quote(first.said[0] ?? '')}. Messages for nothing: ${kindsOf(strays)}.`
        : '',
    });
  },
});

/** 'fork 3, thread 12' */
function kindsOf(steps: readonly { kind: string }[]): string {
  const kinds = [...new Set(steps.map(({ kind }) => kind))];
  return kinds.map((kind) => `${kind} ${steps.filter((step) => step.kind === kind).length}`).join(', ');
}
