import { count, quote } from '../../../../grader/checks/expect.ts';
import { runs } from '../../../../grader/checks/script-common.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { file, watched } from './workload.ts';

export default defineExercise({
  title: 'A small execsnoop',
  summary: 'Report each start of one command from the kernel to Python, through a buffer.',
  files: { [file]: { description: 'Your Python program; it gets the name of the command as its first parameter.' } },
  needs: { kernel: '5.10', config: ['CONFIG_KPROBES', 'CONFIG_BPF_EVENTS'], tools: ['python3'] },
  starter: { fails: 'fires', because: 'At the entry of execve, a process still has its old name.' },
  wrong: {
    'never-polls': { fails: 'runs', misconception: 'A callback is called as soon as it is given.' },
    forks: { fails: 'fires', misconception: 'A new process is a new program.' },
    'bytes-as-text': { fails: 'format', misconception: 'What the kernel sends is text.' },
    'all-commands': { fails: 'only-named', misconception: 'Whoever reads the output will filter it.' },
    'name-begins-alike': { fails: 'only-named', misconception: 'A few letters of a name are enough.' },
    'path-at-entry': { fails: 'only-started', misconception: 'What is called also happens.' },
    'once-each': { fails: 'each-exec', misconception: 'A command that was seen need not be seen again.' },
  },
  checks: [
    runs(file, watched),
    {
      id: 'fires',
      title: 'Starts of the command are reported',
      stage: 'fires',
      points: 2,
      hints: {
        nudge: 'Which name does a process have at the moment at which your program looks?',
        concept: 'execve has an entry, at which the process is still what it was, and a success, after which it is the new command. The scheduler has a tracepoint for the success.',
        line: 'TRACEPOINT_PROBE(sched, sched_process_exec) and, inside, events.perf_submit(args, &data, sizeof(data));',
      },
      rationale: 'The workshop\'s program hangs on the entry of execve and reports the name of the shell.',
      async run(kit) {
        const { pids, lines, name } = await watched(kit);
        kit.expect(pids.some((pid) => lines.some((line) => line.includes(String(pid)) && line.includes(name))), {
          text: 'No start of the named command was reported.',
          expected: `A line with the process id and ${quote(name)} for each of ${count(pids.length, 'start')}.`,
          actual: lines.length ? `${count(lines.length, 'line')}, the first: ${quote(lines[0]!)}.` : 'No line at all.',
          help: 'Print every event for a moment: which names come, and are they those of the callers?',
        });
      },
    },
    {
      id: 'format',
      title: 'A line is the process id, a space and the name',
      stage: 'correct',
      points: 1,
      after: ['fires'],
      hints: {
        nudge: 'Compare a line of your output with the task, letter by letter.',
        concept: 'The kernel sends bytes, and Python shows bytes as b\'…\'. decode() makes text of them.',
        line: 'print(event.pid, event.comm.decode())',
      },
      rationale: 'Output that programs read has a format; b\'…\' is Python\'s commonest surprise.',
      async run(kit) {
        const { reports, lines, pids, name } = await watched(kit);
        kit.expect(reports.some((report) => pids.includes(report.pid) && report.name === name), {
          text: 'The lines do not have the form that the task asks for.',
          expected: `${pids[0]} ${name}`,
          actual: quote(lines.find((line) => line.includes(name)) ?? '').slice(1, -1),
          help: 'Print a number, a space and a text, and nothing else on the line.',
        });
      },
    },
    {
      id: 'only-named',
      title: 'Starts of other commands are not reported',
      stage: 'correct',
      points: 2,
      after: ['format'],
      hints: {
        nudge: 'Which names are in your output that should not be?',
        concept: 'You may filter in the kernel, which is cheaper, or in Python, which is easier. Either way the whole name has to be equal.',
        line: 'if event.comm.decode() == sys.argv[1]:',
      },
      rationale: 'The negative control: commands whose names begin or end alike, started with the named one as argv[0].',
      async run(kit) {
        const { reports, others, name } = await watched(kit);
        const stray = reports.find((report) => others.includes(report.pid) || (report.name !== name && report.pid > 0));
        kit.expect(!stray, {
          text: 'A start of another command was reported.',
          expected: `Starts of ${quote(name)} only.`,
          actual: stray ? `${stray.pid} ${quote(stray.name).slice(1, -1)}` : '',
          help: 'Compare the whole name, after the process has become the command.',
        });
      },
    },
    {
      id: 'only-started',
      title: 'Failed starts are not reported',
      stage: 'correct',
      points: 1,
      after: ['format'],
      hints: {
        nudge: 'Some calls of execve fail, for there is no such file. Does your program know?',
        concept: 'The entry of a system call comes before anybody knows how it will end.',
        line: 'TRACEPOINT_PROBE(sched, sched_process_exec)',
      },
      rationale: 'At the entry of execve the path is known and looks right, also of what does not exist.',
      async run(kit) {
        const { reports, failed } = await watched(kit);
        const stray = reports.find(({ pid }) => failed.includes(pid));
        kit.expect(!stray, {
          text: 'A start was reported that did not happen.',
          expected: 'No line for an execve that fails, since there is no such file.',
          actual: stray ? `${stray.pid} ${quote(stray.name).slice(1, -1)}` : '',
          help: 'Report when execve has succeeded, not when it is called.',
        });
      },
    },
    {
      id: 'each-exec',
      title: 'Each start of the command gives exactly one line',
      stage: 'correct',
      points: 3,
      after: ['format'],
      hints: {
        nudge: 'Count the lines. Which starts are missing, or there twice?',
        concept: 'Every start is a process of its own, with an id of its own.',
        line: 'Print in the callback, whenever it is called and the name is right; keep no list of what was seen.',
      },
      rationale: 'Number and name are drawn anew each time; ids are those which the kernel gave.',
      async run(kit) {
        const { reports, pids } = await watched(kit);
        const times = (pid: number) => reports.filter((report) => report.pid === pid).length;
        const wrong = pids.find((pid) => times(pid) !== 1);
        kit.expect(wrong === undefined, {
          text: 'A start of the command has no line, or more than one.',
          expected: `One line for each of ${count(pids.length, 'start')}.`,
          actual: `${pids.filter((pid) => times(pid) === 1).length} of them had one. Process ${wrong} had ${count(times(wrong ?? 0), 'line')}.`,
          help: 'Let the loop poll for ever, and let the callback print each time.',
        });
      },
    },
  ],
});
