import { count, defineChecks, quote } from '#kit';
import { built, refusals, watched } from './workload.ts';

export default defineChecks({
  compiles: async (kit) => void (await built(kit)),

  async attaches(kit) {
    const { first, held, sample, code, stderr } = await watched(kit);
    kit.expect(typeof first === 'string', {
      text:
        first === null
          ? 'The loader ended and had not said that it is ready.'
          : 'The loader runs, and has not said that it is ready.',
      expected: 'The line ready on standard output, once everything is attached.',
      actual: first === null ? `${howItEnded(code)}.` : 'It has printed nothing, and goes on.',
      help: first === null ? 'ended' : 'silent',
      ...(stderr && { wholeLog: stderr }),
    });
    kit.expect.equal(first ?? '', 'ready', {
      text: 'The first line that the loader prints is another one.',
      help: 'other-line',
    });
    const linked = held.filter((program) => program.linked);
    kit.expect(linked.length === sample.programs.length, {
      text: 'When the loader says that it is ready, the kernel does not have all programs attached.',
      expected: `${sample.programs.map((name) => quote(name)).join(', ')}, each attached before the loader says so.`,
      actual: `Loaded: ${held.map(({ name }) => quote(name)).join(', ') || 'none'}. Attached: ${linked.map(({ name }) => quote(name)).join(', ') || 'none'}.`,
      help: held.length ? 'only-loaded' : 'nothing-loaded',
    });
  },

  async polls(kit) {
    const { expected, lines, inTime } = await watched(kit);
    const wrong = expected.findIndex((line, index) => lines[index] !== line);
    kit.expect(wrong < 0 && lines.length === expected.length, {
      text:
        wrong < 0
          ? 'The loader prints more than the events.'
          : lines[wrong] === undefined
            ? 'The loader does not print every event.'
            : 'The loader prints an event otherwise than the task asks for.',
      expected: `${count(expected.length, 'line')}${wrong < 0 ? '' : `; line ${wrong + 1} is ${quote(expected[wrong]!)}`}.`,
      actual: `${count(lines.length, 'line')}${lines[wrong] === undefined ? '' : `; line ${wrong + 1} is ${quote(lines[wrong])}`}.`,
    });
    kit.expect(inTime === expected.length, {
      text: 'The loader prints some events only when it ends.',
      expected: `${count(expected.length, 'line')}, each as soon as its event is there.`,
      actual: `${count(inTime, 'line')}, then nothing for seconds; ${count(lines.length - inTime, 'line')} after SIGINT.`,
    });
  },

  async interrupt(kit) {
    const { end, code, stderr } = await watched(kit);
    kit.expect(end !== 'early', {
      text: 'The loader ended before it was told to.',
      expected: 'It runs until SIGINT.',
      actual: `${howItEnded(code)}.`,
      help: 'too-early',
      ...(stderr && { wholeLog: stderr }),
    });
    kit.expect(end !== 'never', {
      text: 'The loader had SIGINT, and goes on.',
      expected: 'It ends at once.',
      help: 'never',
    });
    kit.expect(code === 0, {
      text: 'After SIGINT the loader ends, but not with exit code 0.',
      expected: 'Exit code 0.',
      actual: `${howItEnded(code)}.`,
      help: code === 130 ? 'no-handler' : 'poll-failed',
    });
  },

  async gone(kit) {
    const { left } = await watched(kit);
    const { programs, maps } = left;
    kit.expect(programs.length + maps.length === 0, {
      text: `The loader has ended, and a ${programs.length ? 'program' : 'map'} of its object is still in the kernel.`,
      expected: 'No program and no map of the object.',
      actual: [
        ...programs.map(({ name, linked }) => `program ${quote(name)}${linked ? ', still attached' : ''}`),
        ...maps.map((name) => `map ${quote(name)}`),
      ].join('; '),
    });
  },

  async refuses(kit) {
    for (const { what, stays, code, stdout, stderr } of await refusals(kit)) {
      const failed = {
        text: `Given ${what}, the loader does not fail as it should.`,
        ...(stderr && { wholeLog: stderr }),
      };
      kit.expect(stdout.length === 0, {
        ...failed,
        expected: 'Nothing on standard output.',
        actual: `The line ${quote(stdout[0] ?? '')}.`,
        help: 'all-calls',
      });
      kit.expect(!stays, {
        ...failed,
        expected: 'It ends.',
        actual: 'It goes on.',
        help: 'all-calls',
      });
      kit.expect(code === 1, {
        ...failed,
        expected: 'Exit code 1.',
        actual: `${howItEnded(code)}.`,
        help: code > 1 && code < 126 ? 'code' : 'all-calls',
      });
      kit.expect(stderr.trim() !== '', {
        ...failed,
        expected: 'A message on standard error.',
        actual: 'Nothing on standard error.',
        help: 'message',
      });
    }
  },
});

/** A code above 128 is that of a signal. */
function howItEnded(code: number): string {
  return code > 128 ? `Signal ${code - 128} ended it` : `It ended with exit code ${code}`;
}
