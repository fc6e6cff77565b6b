import { count, defineChecks, quote, starts as begins } from '#kit';
import { watched } from './workload.ts';

export default defineChecks({
  runs: begins(watched),

  async fires(kit) {
    const { starts, lines, name, runs } = await watched(kit);
    kit.expect(
      starts.some(
        ({ pid, way }) =>
          way === 'by execve' && lines.some((line) => line.includes(String(pid)) && line.includes(name)),
      ),
      {
        text: 'A plain start of the named command is not reported.',
        expected: `A line with the process id and ${quote(name)} for each of ${count(starts.length, 'start')}.`,
        actual: lines.length ? `${count(lines.length, 'line')}, the first: ${quote(lines[0]!)}.` : 'No line at all.',
        help: 'wrong-event',
      },
    );
    const most = starts.reduce((sum, { times }) => sum + times, 0);
    kit.expect(runs === null || runs >= most, {
      text: 'What the script reports does not come from its BPF programs.',
      expected: `The kernel runs them at each start: ${count(most, 'time')} at least.`,
      actual: `${count(runs ?? 0, 'run')}.`,
      help: 'not-bpf',
    });
  },

  async format(kit) {
    const { reports, lines, odd, starts, name } = await watched(kit);
    const wrong = odd[0] ?? (reports.length === 0 ? lines[0] : undefined);
    kit.expect(wrong === undefined, {
      text: 'The lines do not have the form that the task asks for.',
      expected: `${starts[0]!.pid} ${name}`,
      actual: wrong === '' ? 'An empty line.' : quote(wrong ?? '').slice(1, -1),
    });
  },

  async 'only-named'(kit) {
    const { reports, others, name } = await watched(kit);
    const stray = reports.find(({ pid, name: said }) => others.some((one) => one.pid === pid) || said !== name);
    kit.expect(!stray, {
      text: 'Something was reported that is no start of the command.',
      expected: `Starts of ${quote(name)} only.`,
      actual: stray
        ? `${stray.pid} ${quote(stray.name).slice(1, -1)}${describe(others.find(({ pid }) => pid === stray.pid)?.way)}`
        : '',
    });
  },

  async 'only-started'(kit) {
    const { reports, failed } = await watched(kit);
    const stray = reports.find(({ pid }) => failed.includes(pid));
    kit.expect(!stray, {
      text: 'A start was reported that did not happen.',
      expected: 'No line for an execve that fails, since there is no such file.',
      actual: stray ? `${stray.pid} ${quote(stray.name).slice(1, -1)}` : '',
    });
  },

  async 'each-exec'(kit) {
    const { reports, starts, atOnce, inTime, stayed } = await watched(kit);
    const linesOf = (one: number) => reports.filter(({ pid }) => pid === one).length;
    const wrong = starts.find(({ pid, times }) => linesOf(pid) !== times);
    const all = starts.reduce((sum, { times }) => sum + times, 0);
    const foreign = reports.find(({ pid }) => !starts.some((one) => one.pid === pid));
    kit.expect(wrong === undefined, {
      text:
        wrong && linesOf(wrong.pid) > wrong.times
          ? 'A start of the command is reported more than once.'
          : 'A start of the command is not reported.',
      expected: `One line for each of ${count(all, 'start')}.`,
      actual: wrong
        ? `Process ${wrong.pid} became the command ${count(wrong.times, 'time')}, ${wrong.way}, and has ${count(linesOf(wrong.pid), 'line')}.`
        : '',
      help: 'count',
    });
    kit.expect(!foreign, {
      text: 'A line names a process that did not become the command.',
      expected: `Lines for the ${count(starts.length, 'process', 'processes')} that did.`,
      actual: foreign ? `${foreign.pid} ${quote(foreign.name).slice(1, -1)}` : '',
      help: 'count',
    });
    kit.expect(atOnce, {
      text: 'The start of a command that goes on running is not reported until it ends.',
      expected: `A line for process ${stayed} while it runs, before those of commands that were started later.`,
      actual: 'The line came after its end.',
      help: 'late',
    });
    kit.expect(inTime, {
      text: 'Some starts are reported only when the script ends.',
      expected: 'A line for each start, as soon as there is one.',
      actual: 'After the last start no line came until Ctrl-C.',
      help: 'late',
    });
  },
});

function describe(way: string | undefined): string {
  return way ? `, ${way}` : '';
}
