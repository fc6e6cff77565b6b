import { count, defineChecks, evidence, quote, type Kit } from '#kit';
import { askAbout, askFunctions, type Answers, type Kind } from './workload.ts';

const answers = evidence(askAbout);
const aboutFunctions = evidence(askFunctions);

export default defineChecks({
  runs: async (kit) => comesToItsEnd(kit, await answers(kit)),
  kernel: async (kit) => isRight(kit, await answers(kit), 'kernel'),
  btf: async (kit) => isRight(kit, await answers(kit), 'btf'),
  option: async (kit) => isRight(kit, await answers(kit), 'option'),
  lsm: async (kit) => isRight(kit, await answers(kit), 'lsm'),
  setting: async (kit) => isRight(kit, await answers(kit), 'setting'),

  async function(kit) {
    comesToItsEnd(kit, await aboutFunctions(kit));
    isRight(kit, await aboutFunctions(kit), 'function');
  },

  async 'nothing-else'(kit) {
    for (const { questions, lines } of [await answers(kit), await aboutFunctions(kit)])
      kit.expect(lines.length === questions.length, {
        text: 'doctor.sh does not print one line for each line of the list.',
        expected: `${count(questions.length, 'line')}.`,
        actual: `${count(lines.length, 'line')}: ${lines.map((line) => quote(line, 60)).join(', ')}.`.slice(0, 1000),
      });
  },
});

function comesToItsEnd({ expect }: Kit, { run }: Answers): void {
  expect(run.code === 0, {
    text: 'doctor.sh does not come to its end.',
    expected: 'It ends with code 0.',
    actual: run.timedOut
      ? 'It was still running when its time was up.'
      : run.signal
        ? `Signal ${run.signal} ended it.`
        : `Code ${run.code}. ${quote(run.stderr.trim().split('\n').at(-1) ?? '')}`,
    wholeLog: run.stderr,
  });
}

/** Each line of this kind has the answer that the kernel gives, and no other. */
function isRight({ expect }: Kit, { questions, lines }: Answers, kind: Kind): void {
  for (const { name, truth } of questions.filter((one) => one.kind === kind)) {
    const said = lines.filter((line) => line.split(/\s+/, 2).join(' ') === `${kind} ${name}`);
    expect(said.length > 0 && said.every((line) => line.split(/\s+/).slice(2).join(' ') === truth), {
      text: `“${kind} ${name}” is not answered as the kernel answers it.`,
      expected: `${kind} ${name} ${truth}`,
      actual:
        said
          .map((line) => quote(line, 200))
          .join(', ')
          .slice(0, 500) || 'No line about it.',
    });
  }
}
