import { count, quote } from '../../../../grader/checks/expect.ts';
import { runs } from '../../../../grader/checks/script-common.ts';
import { defineExercise } from '../../../../grader/course/exercise.ts';
import { file, watched } from './workload.ts';

export default defineExercise({
  title: 'TCP retransmits',
  summary: 'Count for each port how often the kernel had to send a TCP segment again.',
  files: { [file]: { description: 'Your bpftrace script.' } },
  needs: { kernel: '5.10', config: ['CONFIG_BPF_EVENTS'], tools: ['bpftrace'] },
  starter: { fails: 'no-others', because: 'It counts the end of every connection as a retransmit.' },
  wrong: {
    'no-such-event': { fails: 'runs', misconception: 'There is a tracepoint for whatever one can think of.' },
    'resets': { fails: 'fires', misconception: 'A refused connection is retransmitted.' },
    'without-a-key': { fails: 'fires', misconception: 'One number says enough.' },
    'source-port': { fails: 'fires', misconception: 'A connection has one port.' },
    'connects': { fails: 'no-others', misconception: 'Every attempt to connect that goes wrong is sent again.' },
    'sums-of-ports': { fails: 'each-retransmit', misconception: 'Adding up a field counts events.' },
    'only-syn': { fails: 'each-retransmit', misconception: 'Only the first segment of a connection is ever retransmitted.' },
  },
  checks: [
    runs(file, watched),
    {
      id: 'fires',
      title: 'Retransmits are counted in @retransmits, by destination port',
      stage: 'fires',
      points: 2,
      hints: {
        nudge: 'What must go wrong on a network so that TCP sends something again?',
        concept: 'TCP sends again what nobody has answered. The kernel has a tracepoint for that, in the category tcp; its fields name both ports.',
        line: 'tracepoint:tcp:tcp_retransmit_skb { @retransmits[args.dport] = count(); }',
      },
      rationale: 'Attached, but to what does not happen: a refused connection is answered, so nothing is retransmitted.',
      async run(kit) {
        const { output, counts, ports } = await watched(kit);
        const value = output.maps.get('@retransmits');
        kit.expect(ports.some(({ retransmits, seen }) => retransmits > 0 && seen > 0), {
          text: counts ? 'No retransmit was counted under its destination port.' : 'There is no map @retransmits of counts by port.',
          expected: `A count for port ${ports[0]!.port}, where a SYN is dropped without a word.`,
          actual: value === undefined ? `Maps: ${[...output.maps.keys()].join(', ').slice(0, 200) || 'none'}.` : quote(JSON.stringify(value), 300).slice(1, -1),
          help: 'bpftrace -l \'tracepoint:tcp:*\' lists the events of TCP, and -lv their fields. The key of the map is the port to which the segment goes.',
        });
      },
    },
    {
      id: 'no-others',
      title: 'Connections that are answered or refused add nothing',
      stage: 'correct',
      points: 2,
      after: ['fires'],
      hints: {
        nudge: 'What does a closed port answer?',
        concept: 'A port where nobody listens answers at once, with RST. TCP gives up then: there is nothing to send again.',
        line: 'Count at tcp_retransmit_skb only, not where connections begin or end.',
      },
      rationale: 'The workshop said to provoke retransmits at a closed port, which gives none.',
      async run(kit) {
        const { ports } = await watched(kit);
        const stray = ports.find(({ retransmits, seen }) => retransmits === 0 && seen > 0);
        kit.expect(!stray, {
          text: `Retransmits were counted for a port whose connections were ${stray?.kind}.`,
          expected: `Nothing for port ${stray?.port}: the kernel has sent nothing again there.`,
          actual: `${stray?.seen ?? 0}.`,
          help: 'Attach to what happens when a segment is sent again, and to nothing else.',
        });
      },
    },
    {
      id: 'each-retransmit',
      title: 'The counts are the kernel\'s own',
      stage: 'correct',
      points: 3,
      after: ['fires'],
      hints: {
        nudge: 'Compare the two numbers of the message. Are some missing, or is it something else that was added up?',
        concept: 'Whatever is not answered is sent again: the SYN that opens a connection, and data later on.',
        line: '@retransmits[args.dport] = count(); without a filter',
      },
      rationale: 'The kernel counts retransmits for each connection (tcpi_total_retrans); number and ports are drawn anew each time.',
      async run(kit) {
        const { ports } = await watched(kit);
        const wrong = ports.find(({ retransmits, seen }) => retransmits !== seen);
        kit.expect(!wrong, {
          text: `The count for a port is wrong. ${wrong?.kind === 'lossy' ? 'There, a connection was made, and then its data got lost.' : 'There, each SYN was dropped without a word.'}`,
          expected: `Port ${wrong?.port}, ${count(wrong?.connections ?? 0, 'connection')}: ${wrong?.retransmits}.`,
          actual: `${wrong?.seen}`,
          help: 'Count each event once, whatever state the connection is in.',
        });
      },
    },
  ],
});
