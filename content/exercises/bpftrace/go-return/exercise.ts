import { count, defineChecks, describeAttached, quote, starts } from '#kit';
import { crashOf, list, place, subtract, withSign } from './words.ts';
import { file, watched, watchedFunction } from './workload.ts';

export default defineChecks({
  runs: starts(watched),

  async attaches(kit) {
    const { attached, program } = await watched(kit);
    kit.expect(
      attached.some(({ kind, target }) => ['uprobe', 'uretprobe'].includes(kind) && target === program),
      {
        text: `${file} is attached, but not to the program.`,
        expected: `A uprobe in ${program}, which is the first parameter.`,
        actual: describeAttached(attached),
      },
    );
  },

  async survives(kit) {
    const { ended } = await watched(kit);
    kit.expect(ended.code === 0, {
      text: 'The program did not survive your script.',
      expected: 'It ends with code 0, as it does when nobody watches.',
      actual: crashOf(ended),
      wholeLog: ended.stderr,
    });
  },

  async 'at-returns'(kit) {
    const { probed, attached, program } = await watched(kit);
    const other = probed.find(({ text }) => text !== 'RET');
    kit.expect(probed.length > 0, {
      text: `None of your uprobes is in ${watchedFunction}.`,
      expected: `uprobe:$1:"${watchedFunction}"+OFFSET`,
      actual: `${count(attached.filter(({ target }) => target === program).length, 'probe')} in other functions.`,
      help: 'elsewhere',
    });
    kit.expect(!other, {
      text: `A uprobe in ${watchedFunction} is not where the function returns.`,
      expected: 'Uprobes at RET instructions only.',
      actual: `${other && place(other)}`,
      help: other?.offset === 0 ? 'at-entry' : 'wrong-offset',
    });
  },

  async prints(kit) {
    const { seen, printed, inTime, odd, maps } = await watched(kit);
    kit.expect(seen.length > 0, {
      text:
        printed.trim() === '' ? 'Your script prints nothing.' : 'Your script prints no line that is a whole number.',
      expected: 'A line for each return: the value, and nothing else.',
      actual:
        printed.trim() !== ''
          ? quote(printed, 200)
          : maps.length > 0
            ? `Nothing but maps at the end: ${quote(maps.join(', ')).slice(1, -1)}.`
            : 'Nothing.',
      help: 'no-number',
    });
    kit.expect(odd.length === 0, {
      text: 'Your script prints a line that is no whole number.',
      expected: 'A line for each return: the value, and nothing else.',
      actual: odd[0] === '' ? 'An empty line.' : quote(odd[0] ?? ''),
      help: 'more',
    });
    kit.expect(maps.length === 0, {
      text: 'Something else is printed as well: a map.',
      expected: 'A line for each return: the value, and nothing else.',
      actual: `${quote(maps.join(', ')).slice(1, -1)}, which bpftrace prints at the end.`,
      help: 'maps',
    });
    kit.expect(inTime, {
      text: 'Your script prints only when it ends.',
      expected: 'A line each time that the function returns.',
      actual: 'Nothing until Ctrl-C.',
      help: 'at-end',
    });
  },

  async 'only-that-function'(kit) {
    const { seen, celsius, fahrenheit } = await watched(kit);
    const strays = subtract(seen, celsius).filter((value) => fahrenheit.includes(withSign(value) ?? value));
    kit.expect(strays.length === 0, {
      text: 'Your script prints what another function returns, too.',
      expected: `Values of ${watchedFunction} only.`,
      actual: `Values of main.fahrenheit: ${list(strays)}.`,
    });
  },

  async sign(kit) {
    const { seen, celsius } = await watched(kit);
    const huge = subtract(seen, celsius).filter((value) => {
      const signed = withSign(value);
      return signed !== null && celsius.includes(signed);
    });
    kit.expect(huge.length === 0, {
      text: 'Values below zero come out as huge ones.',
      expected: list(huge.map((value) => withSign(value) ?? value)),
      actual: list(huge),
    });
  },

  async 'each-return'(kit) {
    const { seen, celsius, probed, returns } = await watched(kit);
    const [missing, extra] = [subtract(celsius, seen), subtract(seen, celsius)];
    const halved =
      missing.length > 0 && extra.some((value) => missing.some((whole) => BigInt.asIntN(32, whole) === value));
    const unprobed = returns.filter(({ offset }) => !probed.some((one) => one.offset === offset)).length;
    kit.expect(missing.length === 0 && extra.length === 0, {
      text:
        extra.length === 0
          ? `${missing.length} of ${count(celsius.length, 'return')} are missing.`
          : 'The values are not those that the function has returned.',
      expected: missing.length > 0 ? list(missing) : `${count(celsius.length, 'value')}, each once.`,
      actual: `${extra.length > 0 ? list(extra) : `${count(seen.length, 'value')}, and none of these.`}${unprobed > 0 ? ` Without a probe: ${unprobed} of ${count(returns.length, 'RET')}.` : ''}`,
      help: halved ? 'halved' : unprobed > 0 ? 'unprobed' : 'register',
    });
  },
});
