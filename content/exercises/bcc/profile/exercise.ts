import { frequency, namesOf } from '../../../../grader/checks/busy-program.ts';
import { count, quote } from '../../../../grader/checks/expect.ts';
import { CheckFailure } from '../../../../grader/checks/failure.ts';
import { type Rectangle, rectangles, standsOn, widthOf } from '../../../../grader/checks/flame-graph.ts';
import { goesThrough, samplesOf, type Stack } from '../../../../grader/checks/folded.ts';
import { runs } from '../../../../grader/checks/script-common.ts';
import { describeAttached } from '../../../../grader/checks/script.ts';
import { XmlError } from '../../../../grader/checks/xml.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { compared, file, shareOf, watched, workOf } from './workload.ts';

const percent = (share: number) => `${Math.round(100 * share)}%`;
const line = ({ frames, samples }: Stack) => quote(`${frames.join(';')} ${samples}`).slice(1, -1);
const most = (stacks: readonly Stack[]) => stacks.toSorted((a, b) => b.samples - a.samples)[0];
// Some 300 samples stray by less than 3 points from the true share, two times in three.
const tolerance = 0.15;

export default defineExercise({
  title: 'A sampling profiler',
  summary: 'Find the function in which a running program spends its time, and draw its flame graph.',
  files: {
    [file]: { description: 'Your Python program; it gets a process id and the names of the two files to write.' },
    'flamegraph.py': { description: 'Draws stacks that were counted; it is given.' },
  },
  needs: { kernel: '5.10', config: ['CONFIG_PERF_EVENTS', 'CONFIG_BPF_EVENTS'], tools: ['python3', 'gcc'] },
  starter: { fails: 'fires', because: 'The program that samples notes down nothing.' },
  wrong: {
    'by-pid': { fails: 'runs', misconception: 'A process has the same id in every PID namespace.' },
    switches: { fails: 'attaches', misconception: 'Who is given the CPU often uses it much.' },
    'whole-number': { fails: 'fires', misconception: 'bpf_get_current_pid_tgid returns a process id.' },
    'count-first': { fails: 'format', misconception: 'Which of the two comes first is a matter of taste.' },
    'kernel-stack': { fails: 'names', misconception: 'A process has one stack.' },
    addresses: { fails: 'names', misconception: 'A stack is made of functions.' },
    everybody: { fails: 'only-that-process', misconception: 'While I watch, only my process runs.' },
    'by-name': { fails: 'only-that-process', misconception: 'The name of a process tells which one it is.' },
    'innermost-first': { fails: 'whole-stacks', misconception: 'A stack is written down in the order in which the kernel gives it.' },
    'top-only': { fails: 'whole-stacks', misconception: 'Where the CPU is now is all there is to know.' },
    'once-each': { fails: 'hot', misconception: 'Each stack is one sample.' },
    'last-address-wins': { fails: 'hot', misconception: 'Different stacks have different names.' },
    joined: { fails: 'picture', misconception: 'A stack is a line of text.' },
    'equal-widths': { fails: 'widths', misconception: 'A flame graph shows which stacks there are.' },
  },
  checks: [
    runs(file, watched, {
      hints: {
        nudge: 'Read the first error. Is it the compiler\'s, the verifier\'s, or Python\'s?',
        concept: 'Your script has ids of its own for processes, in its own PID namespace. BPF and the id that you are given count as the machine does: so open the event for every process, and choose in the program.',
        line: 'Leave attach_perf_event as it is, and take out every #include.',
      },
    }),
    {
      id: 'attaches',
      title: 'It hangs on a clock',
      stage: 'attach',
      points: 1,
      hints: {
        nudge: 'To which event is your program attached, and when does that happen?',
        concept: 'A profiler does not wait for an event in the program. It looks again and again, at the same intervals, at what is running; what runs long is seen often.',
        line: 'b.attach_perf_event(ev_type=PerfType.SOFTWARE, ev_config=PerfSWConfig.CPU_CLOCK, fn_name="sample", sample_freq=99)',
      },
      rationale: 'Other events happen as often as they like, and say nothing about time.',
      async run(kit) {
        const { attached } = await watched(kit);
        kit.expect(attached.some(({ kind }) => kind === 'perf_event'), {
          text: `${file} is attached, but not to a perf event that samples.`,
          expected: 'A program on PERF_COUNT_SW_CPU_CLOCK.',
          actual: describeAttached(attached),
          help: 'Use attach_perf_event, and no other kind of event.',
        });
      },
    },
    {
      id: 'fires',
      title: 'Samples come out',
      stage: 'fires',
      points: 1,
      hints: {
        nudge: 'Is a map empty, or is it not written out? Print the number of its entries at the end.',
        concept: 'bpf_get_current_pid_tgid() returns two numbers in one of 64 bits: the process in the upper half, the thread in the lower.',
        line: 'if (bpf_get_current_pid_tgid() >> 32 != PID) return 0;',
      },
      rationale: 'Attached, but silent: a filter that never holds, or files that are not written at Ctrl-C.',
      async run(kit) {
        const { folded, samples, stderr } = await watched(kit);
        kit.expect(folded.stacks.length + folded.odd.length > 0, {
          text: 'After Ctrl-C there is nothing in the first file.',
          expected: `About ${samples} samples in all.`,
          actual: stderr.trim() === '' ? 'An empty file.' : quote(stderr.trim().split('\n').at(-1)!, 500).slice(1, -1),
          help: 'Let the BPF program count stacks, and write them when the wait is over.',
          ...(stderr.trim() !== '' && { wholeLog: stderr }),
        });
      },
    },
    {
      id: 'format',
      title: 'A line is the functions, a space and the number',
      stage: 'correct',
      points: 1,
      hints: {
        nudge: 'Compare a line of your file with the task, character by character.',
        concept: 'Folded stacks are text that other tools read: names with ; between them, one space, and how often this stack was seen.',
        line: 'print(";".join(names), count, file=folded)',
      },
      rationale: 'flamegraph.pl, speedscope and others read this format.',
      async run(kit) {
        const { folded } = await watched(kit);
        kit.expect(folded.odd.length === 0, {
          text: 'A line of the first file is no folded stack.',
          expected: 'main;parse;read 42',
          actual: quote(folded.odd[0] ?? '').slice(1, -1),
          help: 'The number comes last; each function has a name that is not empty.',
        });
      },
    },
    {
      id: 'names',
      title: 'The program\'s functions have their names',
      stage: 'correct',
      points: 2,
      hints: {
        nudge: 'Is what you see of the kernel, of the process, or are they bare addresses?',
        concept: 'A process has two stacks: one in user space, and one in the kernel while it is there. get_stackid gives the kernel\'s, unless it is told otherwise. An address of user space means something in one process only: to name it, one has to know in which.',
        line: 'stacks.get_stackid(ctx, BPF_F_USER_STACK) and b.sym(address, pid).decode()',
      },
      rationale: 'An address tells nobody anything, and the kernel\'s own functions are not what was asked for.',
      async run(kit) {
        const { folded, own, plan } = await watched(kit);
        kit.expect(own.length > 0, {
          text: 'No stack holds a function of the program.',
          expected: `Stacks with main, ${plan.loop} and others.`,
          actual: line(most(folded.stacks) ?? { frames: ['nothing'], samples: 0 }),
          help: 'Take the stack of user space, and name its addresses by the process that you were given.',
        });
      },
    },
    {
      id: 'only-that-process',
      title: 'Other processes are left out',
      stage: 'correct',
      points: 2,
      hints: {
        nudge: 'The clock ticks for everybody. Whose stack is it that you have noted down?',
        concept: 'The event is open on every CPU, for whatever runs there. Only the id tells processes apart: many have the same name.',
        line: 'if (bpf_get_current_pid_tgid() >> 32 != PID) return 0;',
      },
      rationale: 'The negative control: another busy process of the same name, with functions of its own. What belongs to it has other names, or none.',
      async run(kit) {
        const { folded, own, foreign } = await watched(kit);
        const stray = folded.stacks.find(({ frames }) => frames.some((frame) => foreign.has(frame)));
        kit.expect(!stray, {
          text: 'There are samples of another process.',
          expected: 'Samples of the process whose id was given.',
          actual: stray ? line(stray) : '',
          help: 'Compare the id in the BPF program, before anything is counted.',
        });
        const [all, ours] = [samplesOf(folded.stacks), samplesOf(own)];
        kit.expect(ours >= 0.8 * all, {
          text: 'Many samples hold no function of the program at all.',
          expected: 'Samples of the process whose id was given.',
          actual: `${all - ours} of ${count(all, 'sample')}, such as ${line(most(folded.stacks.filter((stack) => !own.includes(stack))) ?? { frames: [], samples: 0 })}`,
          help: 'Addresses of other processes have no names in this one. Compare the id in the BPF program.',
        });
      },
    },
    {
      id: 'whole-stacks',
      title: 'Stacks are whole, and begin with the outermost caller',
      stage: 'correct',
      points: 2,
      after: ['names'],
      hints: {
        nudge: 'Where is main in your lines?',
        concept: 'The kernel walks a stack from where the CPU is back to where all began. Folded stacks go the other way.',
        line: 'for address in reversed(list(b["stacks"].walk(id.value)))',
      },
      rationale: 'The same leaf is slow for one caller and not for another: that is what whole stacks are for.',
      async run(kit) {
        const { own, plan } = await watched(kit);
        const whole = (frames: readonly string[]) => plan.paths.some(({ route, leaf }) => goesThrough(frames, ['main', plan.loop, route, leaf]));
        const odd = own.filter(({ frames }) => !whole(frames));
        kit.expect(samplesOf(own, whole) >= 0.5 * samplesOf(own), {
          text: 'Stacks do not lead from main to the function that was running.',
          expected: `main;${plan.loop};… and then who is called by that.`,
          actual: line(most(odd) ?? { frames: [], samples: 0 }),
          help: 'Write each stack with all its functions, the outermost caller first.',
        });
      },
    },
    {
      id: 'hot',
      title: 'The shares are those of the work that was done',
      stage: 'correct',
      points: 3,
      after: ['only-that-process', 'whole-stacks'],
      hints: {
        nudge: 'Add up all numbers of your file: how many samples should there be?',
        concept: 'In one function the CPU may be at many addresses, so many stacks have the same names. Their numbers belong together.',
        line: 'samples[names] += count.value',
      },
      rationale: 'How much is done in each function is drawn anew each time. One function is called far more often than all others, and takes little.',
      async run(kit) {
        const { own, plan, samples: wanted, seconds } = await watched(kit);
        const all = samplesOf(own);
        // Two clocks that look at the same process do not tick as one.
        kit.expect(all >= wanted / 2 && all <= 1.5 * wanted, {
          text: all < wanted ? 'There are far fewer samples than the process has used time.' : 'There are far more samples than the process has used time.',
          expected: `About ${wanted}, as the kernel has taken in the same ${seconds.toFixed(1)} seconds of CPU time, ${frequency} times a second.`,
          actual: `${all}, such as ${line(most(own) ?? { frames: [], samples: 0 })}`,
          help: 'Take 99 samples in a second, count each, and add up the stacks whose names are the same.',
        });
        for (const { leaf, route } of compared(plan)) {
          const [truth, seen] = [workOf(plan, leaf, route), shareOf(plan, own, leaf, route)];
          kit.expect(Math.abs(seen - truth) <= tolerance, {
            text: `The share of ${leaf}${route ? ` when called by ${route}` : ''} is not that of the work.`,
            expected: `About ${percent(truth)}: so much of the work is done there.`,
            actual: `${percent(seen)} of the samples.`,
            help: 'Each sample must count, and count once.',
          });
        }
      },
    },
    {
      id: 'picture',
      title: 'The second file is a flame graph in SVG',
      stage: 'correct',
      points: 1,
      after: ['names'],
      hints: {
        nudge: 'Open the file in a browser. What does it say?',
        concept: 'SVG is XML: every element is closed, and < and & in text are escaped. Every rectangle has a title, which a browser shows under the pointer.',
        line: 'flamegraph.draw(samples, svg_file)',
      },
      rationale: 'What a browser refuses is no picture.',
      async run(kit) {
        const { svg, own, plan } = await watched(kit);
        const drawn = new Set(readPicture(svg).map(({ name }) => name));
        const missing = own.flatMap(({ frames }) => frames).find((frame) => (frame === 'main' || namesOf(plan).has(frame)) && !drawn.has(frame));
        kit.expect(missing === undefined, {
          text: 'The picture lacks a function that is in the first file.',
          expected: `A <rect> with the title ${quote(`${missing} (42 samples, …)`)}.`,
          actual: drawn.size === 0 ? 'No rectangle with a title.' : `Rectangles of ${quote([...drawn].slice(0, 12).join(', ')).slice(1, -1)}.`,
          help: 'Draw what you have written to the first file.',
        });
      },
    },
    {
      id: 'widths',
      title: 'It is as wide as the samples are many',
      stage: 'correct',
      points: 1,
      after: ['picture', 'hot'],
      hints: {
        nudge: 'Which is the widest rectangle at the top of your picture, and which should it be?',
        concept: 'The width of a rectangle is the number of samples with this function, called in this way. Callers are below.',
        line: 'draw takes a dictionary: the stack, as a tuple of names, to its number of samples.',
      },
      rationale: 'People look for the wide ones: a picture with other widths lies.',
      async run(kit) {
        const { svg, own, folded, plan } = await watched(kit);
        const picture = readPicture(svg);
        const all = samplesOf(folded.stacks);
        for (const name of namesOf(plan)) {
          const share = samplesOf(own, (frames) => frames.includes(name)) / all;
          kit.expect(Math.abs(widthOf(picture, name) - share) <= 0.05, {
            text: `The width of ${name} is not its share of the samples.`,
            expected: `${percent(share)} of the width, as in the first file.`,
            actual: `${percent(widthOf(picture, name))} of the width.`,
            help: 'Give the same numbers to the picture and to the first file.',
          });
        }
        const callers = new Set(own.flatMap(({ frames }) => frames.filter((_, i) => frames[i + 1] === plan.hot)));
        const below = picture.filter(({ name }) => callers.has(name));
        const alone = picture.find((one) => one.name === plan.hot && !below.some((other) => standsOn(one, other)));
        kit.expect(!alone, {
          text: `A rectangle of ${plan.hot} stands on none of its callers.`,
          expected: `It is above one of ${[...callers].join(', ')}, and no wider.`,
          help: 'Each function stands on the one that has called it.',
        });
      },
    },
  ],
});

function readPicture(svg: string): Rectangle[] {
  try {
    return rectangles(svg);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw new CheckFailure({
      text: 'The second file is no SVG that a browser could show.',
      expected: 'An <svg> with a <rect> and its <title> for each function.',
      actual: svg === '' ? 'An empty file.' : error.message,
      help: 'Close what you open, and escape < and & in text.',
    });
  }
}
