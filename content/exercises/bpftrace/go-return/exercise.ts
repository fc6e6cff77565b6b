import { count, quote } from '../../../../grader/checks/expect.ts';
import { describeAttached } from '../../../../grader/checks/script.ts';
import { runs } from '../../../../grader/checks/script-common.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { crashOf, list, place, subtract, withSign } from './words.ts';
import { file, watched, watchedFunction } from './workload.ts';

export default defineExercise({
  title: 'What a Go function returns',
  summary: 'Read the return values of a function in a running Go program, without breaking the program.',
  files: { [file]: { description: 'Your bpftrace script; it gets the path of the program as its first parameter.' } },
  needs: { kernel: '5.10', config: ['CONFIG_UPROBE_EVENTS', 'CONFIG_BPF_EVENTS'], tools: ['bpftrace', 'go'] },
  starter: { fails: 'survives', because: 'A uretprobe replaces the return address, and the Go runtime stumbles over it.' },
  wrong: {
    'retval-at-a-uprobe': { fails: 'runs', misconception: 'retval is there wherever a function returns.' },
    'hexadecimal-without-0x': { fails: 'runs', misconception: 'A number in a listing is written as bpftrace reads it.' },
    'the-log-instead': { fails: 'attaches', misconception: 'Where the same numbers come from does not matter.' },
    entry: { fails: 'at-returns', misconception: 'AX holds the result at any time.' },
    'at-the-call': { fails: 'at-returns', misconception: 'A function returns where its source says return.' },
    'with-words': { fails: 'prints', misconception: 'Whoever reads the output is a person.' },
    'another-function-too': { fails: 'only-that-function', misconception: 'Every RET of the program\'s listing belongs to the function.' },
    'without-a-sign': { fails: 'sign', misconception: 'A register knows the type of what it holds.' },
    'first-return-only': { fails: 'each-return', misconception: 'A function has one RET, at its end.' },
    'register-of-c': { fails: 'each-return', misconception: 'Every language passes values in the same registers.' },
    'half-a-register': { fails: 'each-return', misconception: '%d prints any whole number.' },
  },
  checks: [
    runs(file, watched),
    {
      id: 'attaches',
      title: 'It probes the program',
      stage: 'attach',
      points: 1,
      hints: {
        nudge: 'Your script is attached to something. Is it the Go program?',
        concept: 'A uprobe is at a place in a file: uprobe:FILE:FUNCTION+OFFSET. The kernel runs your lines when any process comes to this place.',
        line: `uprobe:$1:"${watchedFunction}"+OFFSET`,
      },
      rationale: 'The program writes a log, which holds the same numbers; who reads the log learns nothing about probes.',
      async run(kit) {
        const { attached, program } = await watched(kit);
        kit.expect(attached.some(({ kind, target }) => ['uprobe', 'uretprobe'].includes(kind) && target === program), {
          text: `${file} is attached, but not to the program.`,
          expected: `A uprobe in ${program}, which is the first parameter.`,
          actual: describeAttached(attached),
          help: 'In the place of a probe, $1 is the first parameter as it is: no quotes, no str().',
        });
      },
    },
    {
      id: 'survives',
      title: 'The program lives on',
      stage: 'fires',
      points: 2,
      hints: {
        nudge: 'Run the program beside your script, with a few numbers above 10000, and read what it says.',
        concept: 'A uretprobe writes another return address on the stack. When a goroutine needs more stack, the Go runtime moves all of it, follows the return addresses on the way, and finds one that is no place in the program.',
        line: 'Use uprobes at the RET instructions: a uprobe leaves the stack alone.',
      },
      rationale: 'The workshop\'s uretprobe works as long as no stack moves while it waits, which is sometimes.',
      async run(kit) {
        const { ended } = await watched(kit);
        kit.expect(ended.code === 0, {
          text: 'The program did not survive your script.',
          expected: 'It ends with code 0, as it does when nobody watches.',
          actual: crashOf(ended),
          help: `Who calls ${watchedFunction} must be able to go back where it came from: do not use a uretprobe on Go.`,
          wholeLog: ended.stderr,
        });
      },
    },
    {
      id: 'at-returns',
      title: `Its uprobes are at RET instructions of ${watchedFunction}`,
      stage: 'attach',
      points: 2,
      hints: {
        nudge: 'Which instruction gives control back to the caller?',
        concept: 'The listing has an address in each line. The offset of an instruction is its address less the address of the function\'s first instruction.',
        line: 'In a function that begins at 0x401200, an instruction at 0x401234 is at +0x34.',
      },
      rationale: 'The kernel says where each uprobe is. At other places the register holds something else, by chance even the right thing.',
      async run(kit) {
        const { probed, attached, program } = await watched(kit);
        const other = probed.find(({ text }) => text !== 'RET');
        kit.expect(probed.length > 0, {
          text: `None of your uprobes is in ${watchedFunction}.`,
          expected: `uprobe:$1:"${watchedFunction}"+OFFSET`,
          actual: `${count(attached.filter(({ target }) => target === program).length, 'probe')} in other functions.`,
          help: 'The offset counts from the start of the function that the probe names.',
        });
        kit.expect(!other, {
          text: `A uprobe in ${watchedFunction} is not where the function returns.`,
          expected: 'Uprobes at RET instructions only.',
          actual: `${other && place(other)}`,
          help: other?.offset === 0 ? 'Without an offset, a uprobe is at the function\'s entry. AX holds the argument there.' : 'Subtract the address of the first instruction from that of the RET. Both are hexadecimal.',
        });
      },
    },
    {
      id: 'prints',
      title: 'It prints whole numbers, each on a line of its own',
      stage: 'fires',
      points: 1,
      hints: {
        nudge: 'Compare what your script prints with the task.',
        concept: 'printf prints nothing but what its format says; \\n ends the line.',
        line: 'printf("%ld\\n", …);',
      },
      rationale: 'The other checks compare numbers.',
      async run(kit) {
        const { seen, printed } = await watched(kit);
        kit.expect(seen.length > 0, {
          text: printed.trim() === '' ? 'Your script prints nothing.' : 'Your script prints no line that is a whole number.',
          expected: 'A line for each return: the value, and nothing else.',
          actual: printed.trim() === '' ? 'Nothing.' : quote(printed, 200),
          help: 'Print with printf, where the function returns, and not only at the end.',
        });
      },
    },
    {
      id: 'only-that-function',
      title: 'Values of other functions are left out',
      stage: 'correct',
      points: 1,
      hints: {
        nudge: 'Which function does each of your probes name?',
        concept: 'The program calls fahrenheit as well, with the same readings. A probe belongs to one place of one function.',
        line: `Every probe names "${watchedFunction}".`,
      },
      rationale: 'The negative control: a function of the same shape, called as often with the same arguments.',
      async run(kit) {
        const { seen, celsius, fahrenheit } = await watched(kit);
        const strays = subtract(seen, celsius).filter((value) => fahrenheit.includes(withSign(value) ?? value));
        kit.expect(strays.length === 0, {
          text: 'Your script prints what another function returns, too.',
          expected: `Values of ${watchedFunction} only.`,
          actual: `Values of main.fahrenheit: ${list(strays)}.`,
          help: 'Leave out the probes in other functions.',
        });
      },
    },
    {
      id: 'sign',
      title: 'Values below zero are printed as such',
      stage: 'correct',
      points: 1,
      hints: {
        nudge: 'What does your script print when it freezes?',
        concept: 'A register is 64 bits. Whether the first of them is a sign is a matter of the type, which only the program\'s source knows: int has one.',
        line: 'printf("%ld\\n", reg("ax"));',
      },
      rationale: 'The kernel hands over bits. What they mean, the learner has to say.',
      async run(kit) {
        const { seen, celsius } = await watched(kit);
        const huge = subtract(seen, celsius).filter((value) => celsius.includes(withSign(value) ?? 0n));
        kit.expect(huge.length === 0, {
          text: 'Values below zero come out as huge ones.',
          expected: list(huge.map((value) => withSign(value) ?? value)),
          actual: list(huge),
          help: 'Print with %ld, which takes the first bit for a sign. %lu does not.',
        });
      },
    },
    {
      id: 'each-return',
      title: 'Each return is there once, with its value',
      stage: 'correct',
      points: 3,
      hints: {
        nudge: 'Compare the numbers of the message below. Are some missing, or are they others?',
        concept: 'A function has a RET for each way out. Since Go 1.17 its first result is in AX then, all 64 bits of it.',
        line: 'Name a uprobe for every RET of the listing, with a comma between them, and print reg("ax") with %ld.',
      },
      rationale: 'Readings are drawn anew each time, and come from both kinds of sensors, so that the function leaves by all of its ways.',
      async run(kit) {
        const { seen, celsius, probed, returns } = await watched(kit);
        const [missing, extra] = [subtract(celsius, seen), subtract(seen, celsius)];
        const halved = missing.length > 0 && extra.some((value) => missing.some((whole) => BigInt.asIntN(32, whole) === value));
        const unprobed = returns.filter(({ offset }) => !probed.some((one) => one.offset === offset)).length;
        kit.expect(missing.length === 0 && extra.length === 0, {
          text: extra.length === 0 ? `${missing.length} of ${count(celsius.length, 'return')} are missing.` : 'The values are not those that the function has returned.',
          expected: missing.length > 0 ? list(missing) : `${count(celsius.length, 'value')}, each once.`,
          actual: extra.length > 0 ? list(extra) : `${count(seen.length, 'value')}, and none of these.`,
          help: halved ? 'These are the lower 32 bits of what was expected, which is all that %d prints.' : unprobed > 0 ? `The function has ${count(returns.length, 'RET')}, and ${unprobed} of them ${unprobed === 1 ? 'is' : 'are'} without a probe.` : 'Print the register in which Go returns the first result, all 64 bits of it, once for each return.',
        });
      },
    },
  ],
});
